package dev.headgate.frameworks.modules;

import jakarta.persistence.Cacheable;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/** A note, as an entity. */
@Entity(name = "Note")
@Table(name = "note")
@Cacheable
class Note {

  @Id private String text = "";

  protected Note() {}

  Note(String text) {
    this.text = text;
  }

  @Override
  public String toString() {
    return text;
  }
}
