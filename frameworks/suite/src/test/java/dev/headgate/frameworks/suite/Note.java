package dev.headgate.frameworks.suite;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/** A note, as an entity. */
@Entity
@Table(name = "note")
public class Note {

  @Id
  @GeneratedValue(strategy = GenerationType.IDENTITY)
  private Long id;

  @Column(nullable = false)
  private String body;

  protected Note() {}

  Note(String body) {
    this.body = body;
  }

  /** Puts an exclamation mark behind it. */
  void change() {
    body += "!";
  }

  Long id() {
    return id;
  }

  String body() {
    return body;
  }
}
