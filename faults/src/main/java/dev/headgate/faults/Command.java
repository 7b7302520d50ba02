package dev.headgate.faults;

import java.sql.SQLException;
import java.util.Locale;
import java.util.Map;

/**
 * One SQL text, taken apart: {@code INSERT token} and the like.
 *
 * @param verb the first word, in capitals
 * @param token the rest; where it is {@code ?}, the statement's first parameter
 */
record Command(String verb, String token) {

  static Command of(String sql, Map<Integer, String> parameters) throws SQLException {
    String[] words = sql.strip().split("\\s+", 2);
    String token = words.length == 2 ? words[1] : "";
    if (token.equals("?")) {
      if (!parameters.containsKey(1)) {
        throw new SQLException("parameter 1 of \"" + sql + "\" is not set", "07001");
      }
      token = parameters.get(1);
    }
    return new Command(words[0].toUpperCase(Locale.ROOT), token);
  }

  boolean isQuery() {
    return verb.equals("SELECT");
  }
}
