package dev.headgate.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.headgate.datasource.OutcomeUnknownException;
import dev.headgate.datasource.RolledBackException;
import dev.headgate.datasource.RoutingDataSource;
import dev.headgate.datasource.TenantDirectory;
import dev.headgate.datasource.TenantId;
import dev.headgate.datasource.pool.Database;
import jakarta.servlet.Filter;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/**
 * The database has lost the transaction, the application has swallowed the failure and answers as
 * if all were well: the client hears of the failure, and nothing is stored.
 */
class LostTransactionTest {

  /** A real server, and what it says in its own way. */
  enum Server {
    POSTGRESQL(
        "SELECT pg_backend_pid()",
        "SELECT pg_terminate_backend(%d)",
        List.of("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")) {
      @Override
      Database database() throws SQLException {
        return PostgresServer.database("lost");
      }
    },
    MARIADB(
        "SELECT connection_id()",
        "KILL CONNECTION %d",
        List.of("SET innodb_snapshot_isolation = ON")) {
      @Override
      Database database() throws SQLException {
        return MariaDbServer.shared().database("lost");
      }
    };

    final String session;
    final String kill;
    final List<String> snapshot;

    Server(String session, String kill, List<String> snapshot) {
      this.session = session;
      this.kill = kill;
      this.snapshot = snapshot;
    }

    abstract Database database() throws SQLException;
  }

  private static final TenantId ACME = TenantId.of("acme");

  private final Web web = new Web();
  private final CyclicBarrier bothHaveWritten = new CyclicBarrier(2);
  private RoutingDataSource dataSource;
  private Server server;
  private volatile Throwable thrown;

  @AfterEach
  void close() {
    web.close();
    dataSource.close();
  }

  private void start(Server server) throws Exception {
    this.server = server;
    dataSource =
        RoutingDataSource.builder(TenantDirectory.of(Map.of("acme", server.database()))).build();
    try (Connection plain = dataSource.forTenant(ACME).getConnection()) {
      execute(plain, "DROP TABLE IF EXISTS note");
      execute(plain, "DROP TABLE IF EXISTS account");
      execute(plain, "CREATE TABLE note (text VARCHAR(100) PRIMARY KEY)");
      execute(plain, "CREATE TABLE account (id INT PRIMARY KEY, amount INT)");
      execute(plain, "INSERT INTO account VALUES (1, 0), (2, 0)");
    }
    web.filter(watch())
        .filter(UnitOfWorkFilter.builder(dataSource, TenantResolver.header("Tenant")).build())
        .servlet("/well", (request, response) -> succeed(request, response))
        .servlet("/dies", this::dies)
        .servlet("/dies-unnoticed", this::diesUnnoticed)
        .servlet("/changed", this::changed)
        .servlet("/deadlock", this::deadlock)
        .servlet("/duplicate", this::duplicate)
        .start();
  }

  private Filter watch() {
    return (request, response, chain) -> {
      try {
        chain.doFilter(request, response);
      } catch (IOException | ServletException | RuntimeException | Error e) {
        thrown = e;
        throw e;
      }
    };
  }

  /** Stores a note, and answers that it was. */
  private void succeed(HttpServletRequest request, HttpServletResponse response)
      throws IOException, SQLException {
    try (Connection handle = dataSource.getConnection()) {
      insert(handle, request.getParameter("note"));
    }
    answer(response);
  }

  private static void answer(HttpServletResponse response) throws IOException {
    response.setStatus(201);
    response.setHeader("Location", "/notes/1");
    response.getWriter().print("all is well");
    response.flushBuffer();
  }

  /** As a careless application does. */
  private static void swallow(ThrowingCallable action) {
    Throwable unused = catchThrowable(action);
  }

  private void dies(HttpServletRequest request, HttpServletResponse response)
      throws IOException, SQLException {
    try (Connection handle = dataSource.getConnection()) {
      insert(handle, request.getParameter("note"));
      kill(handle);
      assertThatThrownBy(() -> insert(handle, "after")).isInstanceOf(SQLException.class);
    }
    answer(response);
  }

  private void diesUnnoticed(HttpServletRequest request, HttpServletResponse response)
      throws IOException, SQLException {
    try (Connection handle = dataSource.getConnection()) {
      insert(handle, request.getParameter("note"));
      kill(handle);
    }
    answer(response);
  }

  private void kill(Connection handle) throws SQLException {
    try (Statement statement = handle.createStatement();
        ResultSet session = statement.executeQuery(server.session);
        Connection killer = dataSource.forTenant(ACME).getConnection()) {
      session.next();
      execute(killer, server.kill.formatted(session.getLong(1)));
    }
  }

  private void changed(HttpServletRequest request, HttpServletResponse response)
      throws IOException, SQLException {
    try (Connection handle = dataSource.getConnection();
        Connection other = dataSource.forTenant(ACME).getConnection()) {
      for (String each : server.snapshot) {
        execute(handle, each);
      }
      insert(handle, request.getParameter("note"));
      execute(handle, "SELECT * FROM account");
      execute(other, "UPDATE account SET amount = 2 WHERE id = 2");
      assertThatThrownBy(() -> execute(handle, "UPDATE account SET amount = 1 WHERE id = 2"))
          .isInstanceOf(SQLException.class);
      swallow(() -> insert(handle, "after"));
    }
    answer(response);
  }

  private void deadlock(HttpServletRequest request, HttpServletResponse response)
      throws IOException, SQLException {
    int first = Integer.parseInt(request.getParameter("first"));
    try (Connection handle = dataSource.getConnection()) {
      insert(handle, request.getParameter("note"));
      execute(handle, "UPDATE account SET amount = 1 WHERE id = " + first);
      meet();
      swallow(() -> execute(handle, "UPDATE account SET amount = 1 WHERE id <> " + first));
    }
    answer(response);
  }

  private void meet() {
    try {
      bothHaveWritten.await(1, TimeUnit.MINUTES);
    } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
      throw new AssertionError(e);
    }
  }

  private void duplicate(HttpServletRequest request, HttpServletResponse response)
      throws IOException, SQLException {
    try (Connection handle = dataSource.getConnection()) {
      insert(handle, request.getParameter("note"));
      assertThatThrownBy(() -> insert(handle, request.getParameter("note")))
          .isInstanceOf(SQLException.class);
    }
    answer(response);
  }

  private static void insert(Connection connection, String note) throws SQLException {
    execute(connection, "INSERT INTO note VALUES ('" + note + "')");
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private Answer get(String path) {
    return web.get(path, "Tenant: acme");
  }

  private List<String> stored() throws SQLException {
    try (Connection plain = dataSource.forTenant(ACME).getConnection();
        Statement statement = plain.createStatement();
        ResultSet rows = statement.executeQuery("SELECT text FROM note ORDER BY text")) {
      List<String> notes = new ArrayList<>();
      while (rows.next()) {
        notes.add(rows.getString(1));
      }
      return notes;
    }
  }

  private static void assertFailed(Answer answer) {
    assertThat(answer.status()).as("%s", answer).isEqualTo(500);
    assertThat(answer.header("Location")).isNull();
    assertThat(answer.text()).doesNotContain("all is well");
  }

  private void assertTheNextIsStored() throws SQLException {
    assertThat(get("/well?note=next").status()).isEqualTo(201);
    assertThat(stored()).contains("next");
    assertThat(dataSource.snapshot().pools()).allMatch(StubApp::isIdle);
  }

  @ParameterizedTest
  @EnumSource
  void theConnectionDies(Server server) throws Exception {
    start(server);
    assertFailed(get("/dies?note=a"));
    assertThat(thrown).hasCauseInstanceOf(RolledBackException.class);
    assertThat(stored()).isEmpty();
    assertTheNextIsStored();
  }

  /** COMMIT is sent and not answered: the filter can't tell this from a lost answer. */
  @ParameterizedTest
  @EnumSource
  void theConnectionDiesBeforeCommit(Server server) throws Exception {
    start(server);
    assertFailed(get("/dies-unnoticed?note=a"));
    assertThat(thrown).hasCauseInstanceOf(OutcomeUnknownException.class);
    assertThat(stored()).isEmpty();
    assertTheNextIsStored();
  }

  @ParameterizedTest
  @EnumSource
  void whatItHasReadWasChanged(Server server) throws Exception {
    start(server);
    assertFailed(get("/changed?note=a"));
    assertThat(thrown).hasCauseInstanceOf(RolledBackException.class);
    assertThat(stored()).isEmpty();
    assertTheNextIsStored();
  }

  @ParameterizedTest
  @EnumSource
  void oneOfTwoIsTheVictimOfADeadlock(Server server) throws Exception {
    start(server);
    CompletableFuture<Answer> second =
        CompletableFuture.supplyAsync(() -> get("/deadlock?note=second&first=2"));
    Answer first = get("/deadlock?note=first&first=1");
    boolean firstHasWon = first.status() == 201;
    assertThat((firstHasWon ? first : second.join()).status()).isEqualTo(201);
    assertFailed(firstHasWon ? second.join() : first);
    assertThat(thrown).hasCauseInstanceOf(RolledBackException.class);
    assertThat(stored()).containsExactly(firstHasWon ? "first" : "second");
    assertTheNextIsStored();
  }

  @ParameterizedTest
  @EnumSource(mode = Mode.EXCLUDE, names = "MARIADB")
  void aDuplicateKey_whereItLosesTheTransaction(Server server) throws Exception {
    start(server);
    assertFailed(get("/duplicate?note=a"));
    assertThat(stored()).isEmpty();
    assertTheNextIsStored();
  }

  @ParameterizedTest
  @EnumSource(names = "MARIADB")
  void aDuplicateKey_whereItUndoesTheStatementAlone(Server server) throws Exception {
    start(server);
    assertThat(get("/duplicate?note=a").status()).isEqualTo(201);
    assertThat(stored()).containsExactly("a");
    assertTheNextIsStored();
  }
}
