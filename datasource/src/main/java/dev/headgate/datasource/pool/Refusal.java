package dev.headgate.datasource.pool;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Why someone is turned away by a failure gate.
 *
 * @param failures how many have failed
 * @param openNanos for how long it has been open
 * @param retryNanos after what time it may be worth trying again; different for each
 */
record Refusal(ConnectFailure last, int failures, long openNanos, long retryNanos) {

  /** Returns it as it is thrown. */
  DatabaseUnavailableException of(Database database, @Nullable String pool) {
    return new DatabaseUnavailableException(
        "%s can't be connected to, and is not tried again for each request: %s (failed %d times in %d ms%s)"
            .formatted(
                database,
                last.reason(),
                failures,
                TimeUnit.NANOSECONDS.toMillis(openNanos),
                pool == null ? "" : "; pool " + pool),
        last.sqlState(),
        null,
        Duration.ofNanos(retryNanos));
  }
}
