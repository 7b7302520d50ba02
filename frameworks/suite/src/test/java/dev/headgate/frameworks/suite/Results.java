package dev.headgate.frameworks.suite;

import dev.headgate.datasource.Transactions;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** What this run has seen. */
final class Results {

  static final String HELD = "";

  private static final Map<Cell, String> seen = new ConcurrentHashMap<>();

  private static final Map<FeatureCell, String> features = new ConcurrentHashMap<>();

  private Results() {}

  /** A place in the table of what JDBC has. */
  record FeatureCell(Feature feature, Dbms dbms, Transactions transactions) {}

  static void saw(FeatureCell cell, String text) {
    features.put(cell, text);
  }

  static Optional<String> of(FeatureCell cell) {
    return Optional.ofNullable(features.get(cell));
  }

  /** Notes that a promise holds, or why there is none. */
  static void saw(Cell cell, String whyNot) {
    seen.put(cell, whyNot);
  }

  /** Returns {@link #HELD}, or why there is nothing to promise; empty if no test has come by. */
  static Optional<String> of(Cell cell) {
    return Optional.ofNullable(seen.get(cell));
  }
}
