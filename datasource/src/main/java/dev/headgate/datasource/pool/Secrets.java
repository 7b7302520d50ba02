package dev.headgate.datasource.pool;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What nobody may read of a database in a message. Headgate itself shows nothing of it, but drivers
 * quote the URL that they can't parse, or the host that they can't find. In a URL there is no
 * password, as far as {@link JdbcUrl} could tell; what might be one is hidden nevertheless.
 */
final class Secrets {

  private static final String NAME = "password|passwd|passphrase|pwd|secret|token";

  private static final Pattern PROPERTY = Pattern.compile(NAME, Pattern.CASE_INSENSITIVE);

  /** A parameter with such a name, up to the end of its value. */
  private static final Pattern PARAMETER =
      Pattern.compile("(?:" + NAME + ")[^=?&;:,()]*=([^&;,)]+)", Pattern.CASE_INSENSITIVE);

  /** A password before a host: {@code user:password@} or {@code user/password@}. */
  private static final Pattern USER_INFO = Pattern.compile("[:/]([^:/?;]+)@");

  /** Chains of exceptions can be circular. */
  private static final int DEPTH = 16;

  private final Database database;

  /** The longest first, since one may be part of another. */
  private final List<String> texts;

  Secrets(Database database) {
    this.database = database;
    String shown = database.toString();
    List<String> all = new ArrayList<>();
    database
        .connectionProperties()
        .forEach(
            (name, value) -> {
              if (PROPERTY.matcher((String) name).find()) {
                all.add((String) value);
              }
            });
    for (Pattern pattern : List.of(PARAMETER, USER_INFO)) {
      Matcher matcher = pattern.matcher(database.url());
      while (matcher.find()) {
        all.add(matcher.group(1));
      }
    }
    // What is part of the address or the user anyway, "sa" perhaps, is no secret.
    texts =
        all.stream()
            .filter(text -> !text.isEmpty() && !shown.contains(text))
            .sorted(Comparator.comparingInt(String::length).reversed())
            .toList();
  }

  private String hide(String text) {
    String hidden = text.replace(database.url(), database.address());
    for (String secret : texts) {
      hidden = hidden.replace(secret, "…");
    }
    return hidden;
  }

  /** Returns whether a failure, as a log prints it, shows a secret. */
  boolean areShownBy(Throwable failure) {
    StringWriter printed = new StringWriter();
    failure.printStackTrace(new PrintWriter(printed));
    return !hide(printed.toString()).equals(printed.toString());
  }

  /** Returns a failure that says the same as the given one and its causes, without the secrets. */
  SQLException hiddenIn(Throwable failure) {
    return hiddenIn(failure, DEPTH);
  }

  private SQLException hiddenIn(Throwable failure, int depth) {
    Throwable cause = depth == 0 ? null : failure.getCause();
    String state = failure instanceof SQLException e ? e.getSQLState() : null;
    int code = failure instanceof SQLException e ? e.getErrorCode() : 0;
    SQLException hidden =
        new SQLException(
            hide(failure.toString()),
            state,
            code,
            cause == null ? null : hiddenIn(cause, depth - 1));
    hidden.setStackTrace(failure.getStackTrace());
    return hidden;
  }
}
