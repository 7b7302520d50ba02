package dev.headgate.faults;

import java.util.List;

/**
 * What the server answered to one statement.
 *
 * @param isQuery whether it is rows; otherwise it is an update count
 * @param rows the tokens found, if it is a query
 * @param updateCount rows changed; -1 for a query, as in JDBC
 */
record Answer(boolean isQuery, List<String> rows, int updateCount) {

  /** What a statement has before its first execution and after its last result. */
  static final Answer NONE = new Answer(false, List.of(), -1);

  static Answer rows(List<String> rows) {
    return new Answer(true, rows, -1);
  }

  static Answer updated(int count) {
    return new Answer(false, List.of(), count);
  }
}
