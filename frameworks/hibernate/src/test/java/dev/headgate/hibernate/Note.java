package dev.headgate.hibernate;

import jakarta.persistence.Cacheable;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.SequenceGenerator;
import jakarta.persistence.Table;
import org.hibernate.annotations.Cache;
import org.hibernate.annotations.CacheConcurrencyStrategy;

/** An entity with all that can go wrong: cached, and with ranges of ids. */
@Entity(name = "Note")
@Table(name = "note")
@Cacheable
@Cache(usage = CacheConcurrencyStrategy.READ_WRITE)
class Note {

  @Id
  @GeneratedValue(strategy = GenerationType.SEQUENCE, generator = "note")
  @SequenceGenerator(name = "note", sequenceName = "note_seq", allocationSize = 50)
  Long id;

  String text;

  protected Note() {}

  Note(String text) {
    this.text = text;
  }
}
