package dev.headgate.datasource.pool;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * The server has no such schema or catalog, or not for this user; nothing is wrong with the
 * connection, which can be led elsewhere.
 */
final class NoSuchPartException extends SQLException {

  private static final long serialVersionUID = 1L;

  NoSuchPartException(String message, @Nullable String sqlState, @Nullable Throwable cause) {
    super(message, sqlState, cause);
  }
}
