package dev.headgate.datasource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headgate.datasource.pool.Database;
import dev.headgate.datasource.pool.DatabaseUnavailableException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A tenant whose password is wrong costs the directory no more than the database. */
@Timeout(60)
class WrongPasswordTest {

  private static final String URL = "jdbc:h2:mem:wrong-password";
  private static final int TIMES = 200;

  /** The shortest time between two connects, with a quarter off. */
  private static final long LEAST_INTERVAL_MILLIS = 187;

  @Test
  void whoIsTurnedAway_doesNotAskTheDirectoryAnew() throws SQLException {
    AtomicInteger asked = new AtomicInteger();
    TenantDirectory directory =
        tenant -> {
          asked.incrementAndGet();
          return Optional.of(Database.builder(URL).user("sa").password("wrong").build());
        };
    try (Connection kept = DriverManager.getConnection(URL, "sa", "right");
        RoutingDataSource dataSource = RoutingDataSource.builder(directory).build()) {
      assertThat(kept.isValid(1)).isTrue();
      long start = System.nanoTime();
      for (int i = 0; i < TIMES; i++) {
        assertThatThrownBy(() -> dataSource.forTenant(TenantId.of("acme")).getConnection())
            .isInstanceOf(DatabaseUnavailableException.class);
      }
      long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
      // At first, and for each connect that was refused.
      assertThat((long) asked.get()).isBetween(2L, 4 + millis / LEAST_INTERVAL_MILLIS);
    }
  }
}
