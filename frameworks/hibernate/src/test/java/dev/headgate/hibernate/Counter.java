package dev.headgate.hibernate;

import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.TableGenerator;

/** An entity whose ranges of ids are in a table, and so in transactions. */
@Entity(name = "Counter")
class Counter {

  @Id
  @GeneratedValue(strategy = GenerationType.TABLE, generator = "counter")
  @TableGenerator(name = "counter", table = "ids", allocationSize = 5)
  Long id;

  protected Counter() {}

  static Counter create() {
    return new Counter();
  }
}
