package dev.headgate.frameworks.spring;

import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;

/** A note of whichever tenant: nothing in it says whose it is. */
@Entity
class Note {

  @Id
  @GeneratedValue(strategy = GenerationType.IDENTITY)
  private Long id;

  private String text;

  Note() {}

  Note(String text) {
    this.text = text;
  }

  Long id() {
    return id;
  }

  String text() {
    return text;
  }
}
