package dev.headgate.datasource;

import static dev.headgate.datasource.Tenants.ACME;
import static dev.headgate.datasource.Tenants.GLOBEX;
import static dev.headgate.datasource.Tenants.insert;
import static dev.headgate.datasource.Tenants.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import dev.headgate.datasource.pool.Database;
import dev.headgate.datasource.pool.DatabaseUnavailableException;
import dev.headgate.datasource.pool.PoolSettings;
import dev.headgate.datasource.pool.PoolSnapshot;
import dev.headgate.faults.FaultProxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A server that accepts and never answers holds up whoever asks it, for a bounded time, and nobody
 * else: acme's server is behind a proxy that makes it hang, globex's is not.
 */
@Timeout(60)
abstract class HangContract {

  /** Longer than any of these tests takes if something waits for it. */
  private static final Duration FOR_EVER = Duration.ofMinutes(10);

  private static final Duration BORROW = Duration.ofMillis(1500);
  private static final Duration CONNECT = Duration.ofSeconds(1);
  private static final Duration SOCKET = Duration.ofSeconds(1);

  /** What a busy machine may add. */
  private static final Duration SLACK = Duration.ofSeconds(2);

  private static final PoolSettings SETTINGS =
      PoolSettings.defaults()
          .withMaximumSize(2)
          .withBorrowTimeout(BORROW)
          .withConnectTimeout(CONNECT)
          .withSocketTimeout(SOCKET);

  private FaultProxy proxy;
  private RoutingDataSource dataSource;

  abstract FaultProxy proxy() throws SQLException;

  /** Returns a database, through the proxy at a port if there is one. */
  abstract Database.Builder database(String name, int port) throws SQLException;

  /** Returns whether {@code abort()} of the driver frees a thread that waits for an answer. */
  abstract boolean abortsWhatHangs();

  @BeforeEach
  void start() throws SQLException {
    proxy = proxy();
    dataSource = open(SETTINGS, FOR_EVER);
    for (TenantId tenant : List.of(ACME, GLOBEX)) {
      try (Connection connection = dataSource.forTenant(tenant).getConnection();
          Statement statement = connection.createStatement()) {
        statement.execute("DROP TABLE IF EXISTS note");
        statement.execute("CREATE TABLE note (text VARCHAR(100) PRIMARY KEY)");
      }
    }
  }

  private RoutingDataSource open(PoolSettings settings, Duration idleExpiry) throws SQLException {
    Database acme = database("acme", proxy.port()).pool(settings).build();
    Database globex = database("globex", 0).pool(settings).build();
    return RoutingDataSource.builder(TenantDirectory.of(Map.of("acme", acme, "globex", globex)))
        .idleExpiry(idleExpiry)
        .closeTimeout(Duration.ofMillis(500))
        .build();
  }

  @AfterEach
  void end() {
    proxy.restore();
    dataSource.close();
    proxy.close();
  }

  private static <T> FutureTask<T> inThread(Callable<T> work) {
    FutureTask<T> task = new FutureTask<>(work);
    Thread thread = new Thread(task, "is held up");
    thread.setDaemon(true);
    thread.start();
    return task;
  }

  private static <T> T result(FutureTask<T> task) throws Exception {
    return task.get(30, TimeUnit.SECONDS);
  }

  private static Duration since(long start) {
    return Duration.ofNanos(System.nanoTime() - start);
  }

  private void assertThatTheOtherWorks() throws SQLException {
    long start = System.nanoTime();
    dataSource.call(
        GLOBEX,
        work -> {
          try (Connection connection = dataSource.getConnection()) {
            insert(connection, "well");
          }
          return null;
        });
    dataSource.call(
        GLOBEX,
        work -> {
          try (Connection connection = dataSource.getConnection();
              Statement statement = connection.createStatement()) {
            assertThat(texts(connection)).containsExactly("well");
            statement.execute("DELETE FROM note");
          }
          return null;
        });
    assertThat(since(start)).isLessThan(SLACK);
  }

  private void assertThatAcmeWorksAgain(String... stored) {
    proxy.restore();
    // Somebody may still be trying whether the server is there, and others come later.
    await()
        .atMost(CONNECT.plus(SLACK))
        .ignoreExceptionsInstanceOf(DatabaseUnavailableException.class)
        .untilAsserted(() -> assertThat(textsOfAcme()).containsExactly(stored));
  }

  private List<String> textsOfAcme() throws SQLException {
    return dataSource.call(
        ACME,
        work -> {
          try (Connection connection = dataSource.getConnection()) {
            return texts(connection);
          }
        });
  }

  private void evictAcme() {
    dataSource.evict(ACME);
    await().until(() -> proxy.openConnections() == 0);
  }

  @Test
  void aConnect() throws Exception {
    evictAcme();
    proxy.hang();
    FutureTask<Duration> borrow =
        inThread(
            () -> {
              long start = System.nanoTime();
              try (UnitOfWork work = dataSource.begin(ACME)) {
                assertThatThrownBy(dataSource::getConnection)
                    .isInstanceOf(DatabaseUnavailableException.class);
              }
              return since(start);
            });
    await().until(() -> proxy.openConnections() == 1);
    assertThatTheOtherWorks();
    assertThat(result(borrow)).isLessThan(BORROW.plus(SLACK));
    // The driver has given up as well, and the place at the server is free.
    await().atMost(CONNECT.plus(SLACK)).until(() -> proxy.openConnections() == 0);
    assertThatAcmeWorksAgain();
  }

  @Test
  void aQuery() throws Exception {
    FutureTask<Duration> query =
        inThread(
            () -> {
              try (UnitOfWork work = dataSource.begin(ACME);
                  Connection connection = dataSource.getConnection()) {
                insert(connection, "lost");
                proxy.hang();
                long start = System.nanoTime();
                assertThatThrownBy(() -> insert(connection, "never answered"))
                    .isInstanceOf(SQLException.class);
                return since(start);
              }
            });
    await().until(() -> proxy.openConnections() == 1);
    assertThatTheOtherWorks();
    assertThat(result(query)).isBetween(SOCKET.minusMillis(500), SOCKET.plus(SLACK));
    assertThat(leases()).isZero();
    assertThatAcmeWorksAgain();
  }

  @Test
  void aRollback() throws Exception {
    FutureTask<Outcome> rollback =
        inThread(
            () -> {
              UnitOfWork work = dataSource.begin(ACME);
              insert(dataSource.getConnection(), "lost");
              proxy.hang();
              swallow(work::close);
              return work.outcome().orElseThrow();
            });
    assertThatTheOtherWorks();
    assertThat(result(rollback)).isEqualTo(Outcome.ROLLED_BACK);
    // Nobody gets that connection.
    await().until(() -> proxy.openConnections() == 0);
    assertThat(leases()).isZero();
    assertThatAcmeWorksAgain();
  }

  @Test
  void aCommit_whoseOutcomeIsUnknown() throws Exception {
    FutureTask<Throwable> commit =
        inThread(
            () -> {
              try (UnitOfWork work = dataSource.begin(ACME)) {
                insert(dataSource.getConnection(), "swallowed");
                proxy.hang();
                return catchThrowable(work::commit);
              }
            });
    assertThatTheOtherWorks();
    assertThat(result(commit)).isInstanceOf(OutcomeUnknownException.class);
    await().until(() -> proxy.openConnections() == 0);
    assertThatAcmeWorksAgain();
  }

  @Test
  void theLookWhetherAnIdleConnectionIsAlive() throws Exception {
    reopen(SETTINGS.withSocketTimeout(FOR_EVER), FOR_EVER);
    dataSource.forTenant(ACME).getConnection().close();
    // Before that nobody looks.
    await().until(() -> pool("acme").sinceUse().compareTo(Duration.ofMillis(500)) > 0);
    proxy.hang();
    long start = System.nanoTime();
    try (UnitOfWork work = dataSource.begin(ACME)) {
      assertThatThrownBy(dataSource::getConnection)
          .isInstanceOf(DatabaseUnavailableException.class);
    }
    assertThat(since(start)).isLessThan(BORROW.plus(SLACK));
    assertThatTheOtherWorks();
    assertThatAcmeWorksAgain();
  }

  /** While a request hangs, pools that nobody uses expire. */
  @Test
  void noHousekeeping() throws Exception {
    reopen(SETTINGS.withSocketTimeout(Duration.ofSeconds(10)), Duration.ofMillis(100));
    FutureTask<Void> query = hangingQuery();
    // Twice: the first time it may have been looked at before the one that hangs.
    for (int i = 1; i <= 2; i++) {
      int times = i;
      assertThatTheOtherWorks();
      await().until(() -> dataSource.snapshot().totals().expired() == times);
    }
    assertThat(query.isDone()).isFalse();
    proxy.refuse();
    result(query);
    assertThatAcmeWorksAgain();
  }

  @Test
  void noShutdown() throws Exception {
    reopen(SETTINGS.withSocketTimeout(Duration.ofSeconds(10)), FOR_EVER);
    FutureTask<Void> query = hangingQuery();
    long start = System.nanoTime();
    dataSource.close();
    assertThat(since(start)).isLessThan(SLACK);
    if (abortsWhatHangs()) {
      result(query);
      assertThat(since(start)).isLessThan(SLACK.multipliedBy(2));
    }
  }

  private void reopen(PoolSettings settings, Duration idleExpiry) throws SQLException {
    dataSource.close();
    dataSource = open(settings, idleExpiry);
  }

  /** Asks a question that is never answered, until its connection ends. */
  private FutureTask<Void> hangingQuery() throws Exception {
    FutureTask<Connection> borrowed = inThread(() -> dataSource.forTenant(ACME).getConnection());
    Connection connection = result(borrowed);
    proxy.hang();
    return inThread(
        () -> {
          assertThatThrownBy(() -> insert(connection, "never answered"))
              .isInstanceOf(SQLException.class);
          swallow(connection::close);
          return null;
        });
  }

  @Test
  void theSocketTimeout_isTheOneOfTheSettings_andCanBeLongerForAJob() throws SQLException {
    Duration socket = SOCKET.plusSeconds(6);
    reopen(SETTINGS.withSocketTimeout(socket), FOR_EVER);
    try (Connection connection = dataSource.forTenant(ACME).getConnection()) {
      assertThat(connection.getNetworkTimeout()).isEqualTo((int) socket.toMillis());
      connection.setNetworkTimeout(Runnable::run, (int) FOR_EVER.toMillis());
    }
    try (Connection connection = dataSource.forTenant(ACME).getConnection()) {
      assertThat(connection.getNetworkTimeout()).isEqualTo((int) socket.toMillis());
    }
  }

  private PoolSnapshot pool(String name) {
    return dataSource.snapshot().pools().stream()
        .filter(pool -> pool.database().url().contains("/" + name))
        .findAny()
        .orElseThrow();
  }

  private int leases() {
    return dataSource.snapshot().pools().stream().mapToInt(PoolSnapshot::leases).sum();
  }

  private interface Call {
    void run() throws SQLException;
  }

  private static void swallow(Call call) {
    try {
      call.run();
    } catch (SQLException e) {
      // What hangs up is told in one way or another.
    }
  }
}
