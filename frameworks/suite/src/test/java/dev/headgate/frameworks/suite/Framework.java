package dev.headgate.frameworks.suite;

import java.util.List;
import java.util.function.Consumer;

/** A notebook as an application writes it with a framework, by what its documentation shows. */
interface Framework extends AutoCloseable {

  int FETCH_SIZE = 3;

  /** Adds a note in a transaction of the framework's, which it commits. */
  void add(String body) throws Exception;

  /** Returns all notes, oldest first, in a transaction of the framework's. */
  List<String> bodies() throws Exception;

  /** Adds a note in a transaction of the framework's, which it rolls back. */
  void addAndRollBack(String body) throws Exception;

  /** Adds a note, or reads some, and leaves open what it has opened for that. */
  void leaveOpen(String body) throws Exception;

  /** Puts an exclamation mark behind each note, in a batch of the framework's. */
  void changeAll() throws Exception;

  /** Reads all notes, oldest first, as they come, {@value #FETCH_SIZE} at a time. */
  void stream(Consumer<String> each) throws Exception;

  /** Returns the number that a query has as its answer. */
  long number(String sql) throws Exception;

  @Override
  default void close() {}
}
