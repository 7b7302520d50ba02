package dev.headgate.datasource.pool;

import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * No connection to a database could be had: it could not be reached, none of its pool's connections
 * became free in time, or it is known to be down and was not asked. Nothing was done; trying again
 * later may help.
 */
public class DatabaseUnavailableException extends SQLTransientConnectionException {

  private static final long serialVersionUID = 1L;

  private final @Nullable Duration retryAfter;

  DatabaseUnavailableException(
      String message, @Nullable String sqlState, @Nullable Throwable cause) {
    this(message, sqlState, cause, null);
  }

  DatabaseUnavailableException(
      String message,
      @Nullable String sqlState,
      @Nullable Throwable cause,
      @Nullable Duration retryAfter) {
    super(message, sqlState, cause);
    this.retryAfter = retryAfter;
  }

  /**
   * Returns after what time it may help to try again, if that is known. It differs from exception
   * to exception, so that not all who failed come back together.
   */
  public Optional<Duration> retryAfter() {
    return Optional.ofNullable(retryAfter);
  }
}
