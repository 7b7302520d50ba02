package dev.headgate.datasource.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headgate.datasource.CapturedLog;
import dev.headgate.faults.Fault;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Connections that are held for long are reported, with who has them and where they were taken. */
class HeldConnectionTest {

  private static final Duration LONG = Duration.ofSeconds(10);

  private final StubPools pools = new StubPools(builder().reportHeldAfter(LONG));

  private static PoolRegistry.Builder builder() {
    return PoolRegistry.builder().closeTimeout(Duration.ofMillis(100));
  }

  @AfterEach
  void close() {
    pools.close();
  }

  private List<HeldConnection> held() {
    return pools.registry.snapshot().held();
  }

  private Lease lease() throws SQLException {
    return pools.registry.lease(pools.database("a"), "acme", () -> "GET /notes");
  }

  /** Returns what is logged of that registry when it looks now. */
  private String report() {
    try (CapturedLog log = CapturedLog.of(Holdings.class)) {
      pools.registry.holdings().report();
      return log.text();
    }
  }

  @Test
  void heldForLong_isInTheSnapshotWithAllThatIsKnown() throws SQLException {
    try (Lease lease = lease();
        Connection connection = lease.getConnection()) {
      pools.clock.advance(LONG.plusSeconds(2));

      HeldConnection only = held().get(0);
      assertThat(held()).hasSize(1);
      assertThat(only.pool()).isEqualTo(pools.pool("a").name());
      assertThat(only.label()).contains("acme");
      assertThat(only.work()).contains("GET /notes");
      assertThat(only.thread()).isEqualTo(Thread.currentThread().getName());
      assertThat(only.held()).isEqualTo(LONG.plusSeconds(2));
      assertThat(only.taken())
          .extracting(StackTraceElement::getMethodName)
          .contains("heldForLong_isInTheSnapshotWithAllThatIsKnown");
    }
    assertThat(held()).isEmpty();
  }

  @Test
  void heldForLong_isReportedOnce() throws SQLException {
    try (Lease lease = lease();
        Connection connection = lease.getConnection()) {
      pools.clock.advance(LONG);
      assertThat(report())
          .contains("WARN")
          .contains(
              pools.pool("a").name()
                  + ": a connection is held for 10.0 s by now, of acme, GET /notes, thread "
                  + Thread.currentThread().getName());
      pools.clock.advance(LONG);
      assertThat(report()).isEmpty();
    }
  }

  @Test
  void heldForLessTime_isNotReported() throws SQLException {
    try (Lease lease = lease();
        Connection connection = lease.getConnection()) {
      pools.clock.advance(LONG.minusNanos(1));
      assertThat(report()).isEmpty();
      assertThat(held()).isEmpty();
    }
  }

  @Test
  void takenAgain_beginsAnew() throws SQLException {
    try (Lease lease = lease()) {
      lease.getConnection().close();
      pools.clock.advance(LONG);
      try (Connection connection = lease.getConnection()) {
        assertThat(held()).isEmpty();
      }
    }
  }

  @Test
  void destroyed_isNotHeldAnyMore() throws SQLException {
    try (Lease lease = lease()) {
      lease.discard(lease.getConnection());
      pools.clock.advance(LONG);
      assertThat(held()).isEmpty();
    }
  }

  @Test
  void couldNotBeCleaned_isNotHeldAnyMore() throws SQLException {
    try (Lease lease = lease()) {
      Connection connection = lease.getConnection();
      connection.setReadOnly(true);
      pools
          .stub("a")
          .arm(
              "Connection.setReadOnly(false)"::equals,
              Fault.throwBefore(() -> new SQLException("no reset")));
      assertThatThrownBy(connection::close).hasMessage("no reset");
      pools.clock.advance(LONG);
      assertThat(held()).isEmpty();
    }
  }

  @Test
  void theLongest_comesFirst() throws SQLException {
    try (Lease lease = lease();
        Connection first = lease.getConnection()) {
      pools.clock.advance(Duration.ofSeconds(1));
      try (Connection second = lease.getConnection()) {
        pools.clock.advance(LONG);
        assertThat(held())
            .extracting(HeldConnection::held)
            .containsExactly(LONG.plusSeconds(1), LONG);
      }
    }
  }

  @Test
  void nothingSaid_isReportedWithoutIt() throws SQLException {
    try (Lease lease = pools.lease("a");
        Connection connection = lease.getConnection()) {
      pools.clock.advance(LONG);
      assertThat(held().get(0).label()).isEmpty();
      assertThat(report()).contains("of nobody named, thread ");
    }
  }

  @Test
  void nameThatFails_costsNoConnection() throws SQLException {
    try (Lease lease =
            pools.registry.lease(
                pools.database("a"),
                "acme",
                () -> {
                  throw new IllegalStateException("of the name");
                });
        Connection connection = lease.getConnection()) {
      pools.clock.advance(LONG);
      assertThat(held().get(0).work()).isEmpty();
      assertThat(connection.isValid(1)).isTrue();
    }
  }

  @Test
  void whereNoReportIsWanted_nothingIsRemembered() throws SQLException {
    try (StubPools without = new StubPools(builder());
        Lease lease =
            without.registry.lease(
                without.database("a"),
                "acme",
                () -> {
                  throw new AssertionError("asked for the name");
                });
        Connection connection = lease.getConnection()) {
      without.clock.advance(Duration.ofDays(1));
      assertThat(without.registry.holdings()).isNull();
      assertThat(without.registry.snapshot().held()).isEmpty();
    }
  }

  @Test
  void durationThatIsNotPositive_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder().reportHeldAfter(Duration.ZERO))
        .withMessage("report held after PT0S: it has to be positive and at most 365 days");
  }
}
