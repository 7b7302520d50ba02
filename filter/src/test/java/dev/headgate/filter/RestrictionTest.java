package dev.headgate.filter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.datasource.RoutingDataSource;
import dev.headgate.datasource.TenantDirectory;
import dev.headgate.datasource.TenantId;
import dev.headgate.datasource.Transactions;
import dev.headgate.datasource.pool.Database;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What clients hear of a tenant that is suspended or read only for now. */
class RestrictionTest {

  enum Server {
    POSTGRESQL {
      @Override
      Database database() throws SQLException {
        return PostgresServer.database("restricted");
      }
    },
    MARIADB {
      @Override
      Database database() throws SQLException {
        return MariaDbServer.shared().database("restricted");
      }
    },
    H2 {
      @Override
      Database database() {
        return Database.of("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
      }
    };

    abstract Database database() throws SQLException;
  }

  private static final TenantId ACME = TenantId.of("acme");
  private static final String SECRET = "moves to the server db7";

  private final Web web = new Web();
  private final CountDownLatch entered = new CountDownLatch(1);
  private final CountDownLatch goOn = new CountDownLatch(1);
  private RoutingDataSource dataSource;

  @AfterEach
  void close() {
    web.close();
    dataSource.close();
  }

  private void start(Server server, Transactions transactions) throws Exception {
    dataSource =
        RoutingDataSource.builder(TenantDirectory.of(Map.of("acme", server.database())))
            .transactions(transactions)
            .build();
    try (Connection plain = dataSource.forTenant(ACME).getConnection()) {
      execute(plain, "DROP TABLE IF EXISTS note");
      execute(plain, "CREATE TABLE note (text VARCHAR(100) PRIMARY KEY)");
    }
    web.filter(
            UnitOfWorkFilter.builder(dataSource, TenantResolver.header("Tenant"))
                .retryAfter(Duration.ofSeconds(17))
                .build(),
            DispatcherType.REQUEST,
            DispatcherType.ASYNC,
            DispatcherType.ERROR)
        .errorPage(409, "/sorry")
        .servlet("/sorry", (request, response) -> work("SELECT * FROM note", response))
        .servlet("/read", (request, response) -> work("SELECT * FROM note", response))
        .servlet("/write", (request, response) -> write(response))
        .servlet("/wraps", this::wraps)
        .servlet("/swallows", this::swallows)
        .servlet("/waits", this::waits)
        .servlet("/fails", this::fails)
        .start();
  }

  private void work(String sql, HttpServletResponse response) throws IOException, SQLException {
    try (Connection connection = dataSource.getConnection()) {
      execute(connection, sql);
    }
    response.getWriter().print("done");
  }

  private void write(HttpServletResponse response) throws IOException, SQLException {
    work("INSERT INTO note VALUES ('" + UUID.randomUUID() + "')", response);
  }

  /** As frameworks do. */
  private void wraps(HttpServletRequest request, HttpServletResponse response) throws IOException {
    try {
      write(response);
    } catch (SQLException e) {
      throw new IllegalStateException("could not execute statement", e);
    }
  }

  private void swallows(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    try {
      write(response);
    } catch (SQLException e) {
      response.getWriter().print("not done");
    }
  }

  private void waits(HttpServletRequest request, HttpServletResponse response)
      throws IOException, SQLException {
    entered.countDown();
    try {
      assertThat(goOn.await(1, TimeUnit.MINUTES)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    write(response);
  }

  /** Is overtaken by the restriction. */
  private void fails(HttpServletRequest request, HttpServletResponse response) throws IOException {
    dataSource.suspend(ACME, SECRET);
    response.sendError(HttpServletResponse.SC_CONFLICT);
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private Answer get(String path) {
    return web.get(path, "Tenant: acme");
  }

  private void assertUnavailable(String path, String why) {
    Answer answer = get(path);
    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.header("Retry-After")).isEqualTo("17");
    assertThat(answer.text()).contains(why).doesNotContain(SECRET);
  }

  @ParameterizedTest
  @EnumSource
  void suspended_newRequestsAreRefused_andRunningOnesFinish(Server server) throws Exception {
    start(server, Transactions.UNIT);
    CompletableFuture<Answer> running = CompletableFuture.supplyAsync(() -> get("/waits"));
    assertThat(entered.await(1, TimeUnit.MINUTES)).isTrue();
    dataSource.suspend(ACME, SECRET);
    assertUnavailable("/read", "Nothing can be done here for now");
    goOn.countDown();
    assertThat(running.get(1, TimeUnit.MINUTES).text()).isEqualTo("done");
    dataSource.resume(ACME);
    assertThat(get("/write").text()).isEqualTo("done");
  }

  @ParameterizedTest
  @EnumSource
  void suspended_theErrorPageOfARunningRequest_isPartOfIt(Server server) throws Exception {
    start(server, Transactions.UNIT);
    Answer answer = get("/fails");
    assertThat(answer.status()).isEqualTo(409);
    assertThat(answer.text()).isEqualTo("done");
    assertUnavailable("/fails", "Nothing can be done here for now");
  }

  @ParameterizedTest
  @EnumSource(names = {"POSTGRESQL", "MARIADB"})
  void readOnly_writesAreRefused_withTheReason(Server server) throws Exception {
    start(server, Transactions.UNIT);
    dataSource.readOnly(ACME, SECRET);
    assertThat(get("/read").text()).isEqualTo("done");
    assertUnavailable("/write", "Nothing can be changed here for now");
    assertUnavailable("/wraps", "Nothing can be changed here for now");
    dataSource.resume(ACME);
    assertThat(get("/write").text()).isEqualTo("done");
  }

  @ParameterizedTest
  @EnumSource(names = {"POSTGRESQL", "MARIADB"})
  void readOnly_withTransactionsOfTheApplications(Server server) throws Exception {
    start(server, Transactions.NONE);
    dataSource.readOnly(ACME, SECRET);
    assertThat(get("/read").text()).isEqualTo("done");
    assertUnavailable("/write", "Nothing can be changed here for now");
    dataSource.resume(ACME);
    assertThat(get("/write").text()).isEqualTo("done");
  }

  /** PostgreSQL gives the transaction up with the write, which makes an answer of success a lie. */
  @ParameterizedTest
  @EnumSource(names = "POSTGRESQL")
  void readOnly_aRefusalThatIsSwallowed_isTheAnswerNevertheless(Server server) throws Exception {
    start(server, Transactions.UNIT);
    dataSource.readOnly(ACME, SECRET);
    assertUnavailable("/swallows", "Nothing can be changed here for now");
  }

  @ParameterizedTest
  @EnumSource(names = "H2")
  void readOnly_whereTheDatabaseCantRefuse_thereIsNoConnection(Server server) throws Exception {
    start(server, Transactions.UNIT);
    dataSource.readOnly(ACME, SECRET);
    // The page escapes the apostrophe.
    assertUnavailable("/read", "The database can");
  }
}
