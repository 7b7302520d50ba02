package dev.headgate.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.headgate.datasource.Outcome;
import dev.headgate.datasource.RoutingDataSource;
import dev.headgate.datasource.TransactionOutcome;
import dev.headgate.datasource.UnitOfWork;
import dev.headgate.datasource.pool.Database;
import dev.headgate.datasource.pool.PoolSettings;
import dev.headgate.faults.Fault;
import dev.headgate.faults.StubDatabase;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Whatever JDBC call of a request fails: the connection is back clean or destroyed, the lease is
 * back, the thread is free, there is one outcome, and the client hears of a success only if it is
 * one.
 */
class EveryCallTest {

  private record Kind(String name, Supplier<Throwable> failure) {}

  private static final List<Kind> KINDS =
      List.of(
          new Kind("SQLException", () -> new SQLException("injected")),
          new Kind("RuntimeException", () -> new IllegalStateException("injected")),
          new Kind("Error", () -> new AssertionError("injected")));

  /** Each run has a tenant of its own, so that it starts with a pool that is new. */
  private final Map<String, StubDatabase> stubs = new ConcurrentHashMap<>();

  private final Map<String, UnitOfWork> units = new ConcurrentHashMap<>();
  private final Map<String, Throwable> thrown = new ConcurrentHashMap<>();

  /** How many calls HikariCP makes for a new connection before anyone gets it. */
  private volatile int callsToConnect;

  private final Set<String> threadsWithScope = ConcurrentHashMap.newKeySet();
  private final RoutingDataSource dataSource =
      RoutingDataSource.builder(
              tenant -> Optional.ofNullable(stubs.get(tenant.value())).map(EveryCallTest::at))
          .pool(PoolSettings.defaults().withMaximumSize(1).withBorrowTimeout(Duration.ofSeconds(5)))
          .closeTimeout(Duration.ofMillis(1))
          .build();
  private final Web web = new Web();

  private static Database at(StubDatabase stub) {
    return Database.of(stub.url());
  }

  @BeforeEach
  void start() throws Exception {
    web.filter(
            (request, response, chain) -> {
              try {
                chain.doFilter(request, response);
              } catch (IOException | ServletException | RuntimeException | Error e) {
                thrown.put(((HttpServletRequest) request).getHeader("Tenant"), e);
                throw e;
              } finally {
                noteScope();
              }
            })
        .filter(UnitOfWorkFilter.builder(dataSource, TenantResolver.header("Tenant")).build())
        .servlet("/*", this::service)
        .start();
  }

  private void noteScope() {
    try {
      threadsWithScope.add(dataSource.current().toString());
    } catch (IllegalStateException e) {
      // As it should be.
    }
  }

  @AfterEach
  void close() {
    web.close();
    dataSource.close();
    stubs.values().forEach(StubDatabase::close);
  }

  /** What servlets and the libraries below them do, each kind of it once. */
  private void service(HttpServletRequest request, HttpServletResponse response)
      throws IOException, SQLException {
    units.put(request.getHeader("Tenant"), dataSource.current());
    try (Connection connection = dataSource.getConnection()) {
      callsToConnect = stubs.get(request.getHeader("Tenant")).calls().size();
      connection.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
      connection.setReadOnly(false);
      connection.getMetaData().getDatabaseProductName();
      try (Statement statement = connection.createStatement()) {
        statement.executeUpdate("INSERT plain");
      }
      try (PreparedStatement statement = connection.prepareStatement("INSERT ?")) {
        statement.setString(1, "prepared");
        statement.executeUpdate();
      }
    }
    try (Connection connection = dataSource.getConnection()) {
      connection.setAutoCommit(false);
      try (Statement statement = connection.createStatement()) {
        statement.executeUpdate("INSERT inner");
        Savepoint savepoint = connection.setSavepoint();
        statement.executeUpdate("INSERT undone");
        connection.rollback(savepoint);
        statement.executeUpdate("INSERT last");
      }
      connection.commit();
      connection.setAutoCommit(true);
      try (Statement statement = connection.createStatement();
          ResultSet rows = statement.executeQuery("SELECT")) {
        while (rows.next()) {
          response.getWriter().println(rows.getString(1));
        }
      }
    }
  }

  private static final List<String> ALL = List.of("plain", "prepared", "inner", "last");

  private StubDatabase newTenant(String tenant) {
    StubDatabase stub = StubDatabase.create("every-call-" + tenant);
    stubs.put(tenant, stub);
    return stub;
  }

  private List<String> callsOfAHealthyRequest(String tenant) {
    StubDatabase stub = newTenant(tenant);
    Answer answer = web.get("/", "Tenant: " + tenant);
    assertThat(answer.status()).isEqualTo(200);
    assertThat(stub.committed()).isEqualTo(ALL);
    return stub.calls();
  }

  @TestFactory
  Stream<DynamicTest> whicheverCallFails() {
    List<String> calls = callsOfAHealthyRequest("healthy");
    int setUp = callsToConnect;
    List<DynamicTest> tests = new ArrayList<>();
    for (int i = 0; i < calls.size(); i++) {
      for (Kind kind : KINDS) {
        for (boolean before : new boolean[] {true, false}) {
          int index = i;
          String tenant = "t" + tests.size();
          String call = calls.get(i);
          tests.add(
              DynamicTest.dynamicTest(
                  "%d %s: %s %s".formatted(i, call, kind.name(), before ? "before" : "after"),
                  () -> fail(tenant, index, kind, before, index < setUp)));
        }
      }
    }
    assertThat(calls).hasSizeGreaterThan(25);
    return tests.stream();
  }

  private void fail(String tenant, int index, Kind kind, boolean before, boolean setUp) {
    StubDatabase stub = newTenant(tenant);
    Throwable injected = kind.failure().get();
    Supplier<Throwable> always = () -> injected;
    stub.armAt(index, before ? Fault.throwBefore(always) : Fault.throwAfter(always));

    Answer answer = web.get("/", "Tenant: " + tenant);

    List<String> committed = stub.committed();
    List<Outcome> outcomes =
        units.get(tenant).outcomes().stream().map(TransactionOutcome::outcome).toList();
    SoftAssertions softly = new SoftAssertions();
    softly.assertThat(committed).as("all or nothing").isIn(List.of(), ALL);
    boolean stored = committed.equals(ALL);
    if (answer.status() < 400) {
      softly.assertThat(stored).as("a success is stored, outcomes %s", outcomes).isTrue();
    } else {
      softly.assertThat(answer.status()).isIn(500, 503);
      boolean known = !outcomes.contains(Outcome.UNKNOWN);
      softly.assertThat(stored && known).as("a known success is answered so").isFalse();
    }
    if (answer.status() == 500) {
      softly.assertThat(firstCauses(thrown.get(tenant))).as("first failure").contains(injected);
    }
    softly.assertThat(outcomes).as("outcomes").hasSizeLessThanOrEqualTo(1);
    if (stored) {
      softly.assertThat(outcomes).containsAnyOf(Outcome.COMMITTED, Outcome.UNKNOWN);
    } else {
      softly.assertThat(outcomes).doesNotContain(Outcome.COMMITTED);
    }
    softly.assertThat(threadsWithScope).as("scopes").isEmpty();
    softly.assertAll();
    // Connections are destroyed by another thread.
    await()
        .pollDelay(Duration.ZERO)
        .untilAsserted(
            () -> {
              // HikariCP goes on if a driver fails to tell or take a setting of a new connection.
              assertThat(setUp || stub.isClean(StubApp.POOLED)).as(stub.states() + "").isTrue();
              assertThat(dataSource.snapshot().pools()).allMatch(StubApp::isIdle);
            });
    assertThat(web.get("/", "Tenant: " + tenant).status()).as("the next request").isEqualTo(200);
    assertThat(stub.committed()).hasSize(committed.size() + ALL.size());
  }

  private static List<Throwable> firstCauses(Throwable failure) {
    List<Throwable> causes = new ArrayList<>();
    for (Throwable next = failure; next != null; next = next.getCause()) {
      causes.add(next);
    }
    return causes;
  }

  @Test
  void aFailureThatTheApplicationRepeatsIsReportedOnce() {
    StubDatabase stub = newTenant("twice");
    SQLException first = new SQLException("first");
    SQLException second = new SQLException("second");
    stub.arm("Statement.executeUpdate(INSERT plain)"::equals, Fault.throwBefore(() -> first));
    stub.arm("Connection.rollback()"::equals, Fault.throwBefore(() -> second));

    assertThat(web.get("/", "Tenant: twice").status()).isEqualTo(500);

    assertThat(firstCauses(thrown.get("twice"))).contains(first);
    assertThat(stub.committed()).isEmpty();
  }
}
