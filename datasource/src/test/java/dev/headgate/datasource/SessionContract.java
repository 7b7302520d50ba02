package dev.headgate.datasource;

import static dev.headgate.datasource.Tenants.ACME;
import static dev.headgate.datasource.Tenants.GLOBEX;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.datasource.pool.Database;
import dev.headgate.datasource.pool.PoolSettings;
import dev.headgate.datasource.pool.Reset;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Tenants on a pool with one connection: what one of them leaves in its session, nobody else finds,
 * be the other in the same place or elsewhere.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class SessionContract {

  /** In the same schema or catalog as ACME. */
  static final TenantId NEIGHBOUR = TenantId.of("neighbour");

  /**
   * What can be left in a session.
   *
   * @param sql leaves it
   * @param question is answered otherwise in a session in which it was left
   */
  record Leftover(String sql, String question) {

    @Override
    public String toString() {
      return sql;
    }
  }

  RoutingDataSource dataSource;

  abstract Database acme() throws SQLException;

  abstract Database globex() throws SQLException;

  abstract Stream<Leftover> leftovers();

  /** Returns what identifies the session that a connection has on the server. */
  abstract String session();

  /** Whether a session can be cleared, or only be asked whether it has to be. */
  abstract boolean isCleared();

  RoutingDataSource open(Reset reset) throws SQLException {
    return open(reset, Transactions.UNIT);
  }

  private RoutingDataSource open(Reset reset, Transactions transactions) throws SQLException {
    return RoutingDataSource.builder(
            TenantDirectory.of(Map.of("acme", acme(), "neighbour", acme(), "globex", globex())))
        .transactions(transactions)
        .pool(PoolSettings.defaults().withMaximumSize(1).withReset(reset))
        .build();
  }

  @BeforeEach
  void start() throws SQLException {
    dataSource = open(Reset.TENANT);
  }

  @AfterEach
  void stop() {
    dataSource.close();
  }

  /** Executes statements on one connection, outside of a unit of work. */
  static void execute(RoutingDataSource by, TenantId tenant, String sql) throws SQLException {
    try (Connection connection = by.forTenant(tenant).getConnection()) {
      execute(connection, sql);
    }
  }

  static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      for (String each : sql.split("; ", 0)) {
        statement.execute(each);
      }
    }
  }

  /** Returns the first column of an answer, or that there is none. */
  static @Nullable String ask(RoutingDataSource of, TenantId tenant, String question)
      throws SQLException {
    try (Connection connection = of.forTenant(tenant).getConnection()) {
      return ask(connection, question);
    }
  }

  static @Nullable String ask(Connection connection, String question) {
    try (Statement statement = connection.createStatement();
        ResultSet answer = statement.executeQuery(question)) {
      return answer.next() ? answer.getString(1) : "nothing";
    } catch (SQLException e) {
      return "failed with " + e.getSQLState();
    }
  }

  private @Nullable String before(TenantId tenant, String question) throws SQLException {
    try (RoutingDataSource untouched = open(Reset.TENANT)) {
      return ask(untouched, tenant, question);
    }
  }

  @ParameterizedTest
  @MethodSource("leftovers")
  void whatIsLeft_isReallyThere(Leftover left) throws SQLException {
    try (Connection connection = dataSource.forTenant(ACME).getConnection()) {
      execute(connection, left.sql());
      assertThat(ask(connection, left.question())).isNotEqualTo(before(ACME, left.question()));
    }
  }

  @ParameterizedTest
  @MethodSource("leftovers")
  void whatIsLeft_isNotFound_elsewhere(Leftover left) throws SQLException {
    assertNotFound(left, GLOBEX);
  }

  @ParameterizedTest
  @MethodSource("leftovers")
  void whatIsLeft_isNotFound_inTheSamePlace(Leftover left) throws SQLException {
    assertNotFound(left, NEIGHBOUR);
  }

  private void assertNotFound(Leftover left, TenantId other) throws SQLException {
    String before = before(other, left.question());
    String session = ask(dataSource, ACME, session());
    execute(dataSource, ACME, left.sql());
    assertThat(ask(dataSource, other, left.question())).isEqualTo(before);
    assertSession(other, session);
  }

  private void assertSession(TenantId tenant, @Nullable String before) throws SQLException {
    if (isCleared()) {
      assertThat(ask(dataSource, tenant, session())).as("the session").isEqualTo(before);
    }
  }

  @ParameterizedTest
  @MethodSource("leftovers")
  void whatAUnitOfWorkLeaves_isNotFound(Leftover left) throws SQLException {
    String before;
    try (RoutingDataSource untouched = open(Reset.TENANT)) {
      before = askInUnit(untouched, GLOBEX, left.question());
    }
    try (UnitOfWork work = dataSource.begin(ACME);
        Connection connection = dataSource.getConnection()) {
      execute(connection, left.sql());
      assertThat(work.outcomes()).isEmpty();
    }
    assertThat(askInUnit(dataSource, GLOBEX, left.question())).isEqualTo(before);
  }

  private static @Nullable String askInUnit(RoutingDataSource of, TenantId tenant, String question)
      throws SQLException {
    try (UnitOfWork work = of.begin(tenant);
        Connection connection = of.getConnection()) {
      assertThat(work.tenant()).isEqualTo(tenant);
      return ask(connection, question);
    }
  }

  @ParameterizedTest
  @MethodSource("leftovers")
  void whatIsLeft_isNotFoundByTheSameTenant_ifThatWasAskedFor(Leftover left) throws SQLException {
    String before = before(ACME, left.question());
    try (RoutingDataSource always = open(Reset.ALWAYS)) {
      execute(always, ACME, left.sql());
      assertThat(ask(always, ACME, left.question())).isEqualTo(before);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aTransactionThatSqlHasBegun_isNobodys(Transactions transactions) throws SQLException {
    try (RoutingDataSource begun = open(Reset.TENANT, transactions)) {
      execute(begun, ACME, "DROP TABLE IF EXISTS kept; CREATE TABLE kept (n INT)");
      execute(begun, ACME, begin() + "; INSERT INTO kept VALUES (1)");
      execute(begun, NEIGHBOUR, "INSERT INTO kept VALUES (2)");
    }
    try (RoutingDataSource witness = open(Reset.TENANT)) {
      assertThat(ask(witness, ACME, "SELECT COUNT(*) FROM kept")).isEqualTo("1");
      assertThat(ask(witness, ACME, "SELECT n FROM kept")).isEqualTo("2");
    }
  }

  @Test
  void afterAReset_whatTheDriverHadPrepared_isPreparedAgain() throws SQLException {
    for (TenantId tenant : List.of(ACME, NEIGHBOUR, GLOBEX, ACME)) {
      try (Connection connection = dataSource.forTenant(tenant).getConnection()) {
        for (int i = 0; i < 3; i++) {
          assertThat(prepared(connection, "SELECT CAST(? AS INTEGER) + 1", i)).isEqualTo(i + 1);
        }
      }
    }
  }

  private static int prepared(Connection connection, String sql, int value) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setInt(1, value);
      try (ResultSet answer = statement.executeQuery()) {
        answer.next();
        return answer.getInt(1);
      }
    }
  }

  /** Returns the SQL that begins a transaction. */
  abstract String begin();

  @Test
  void whoHadTheDriversOwnConnection_leavesItToNoOneElse() throws SQLException {
    String session = ask(dataSource, ACME, session());
    try (Connection connection = dataSource.forTenant(ACME).getConnection()) {
      assertThat(own(connection).isClosed()).isFalse();
    }
    assertThat(ask(dataSource, ACME, session())).isEqualTo(session);
    assertThat(ask(dataSource, NEIGHBOUR, session())).isNotEqualTo(session);
  }

  @Test
  void whoHadTheDriversOwnStatement_leavesTheConnectionToNoOneElse() throws SQLException {
    String session = ask(dataSource, ACME, session());
    try (Connection connection = dataSource.forTenant(ACME).getConnection();
        Statement statement = connection.createStatement()) {
      assertThat(own(statement).getConnection()).isNotSameAs(connection);
    }
    assertThat(ask(dataSource, NEIGHBOUR, session())).isNotEqualTo(session);
  }

  /** Returns the driver's own connection. */
  abstract Connection own(Connection connection) throws SQLException;

  /** Returns the driver's own statement. */
  abstract Statement own(Statement statement) throws SQLException;

  @Test
  void whoLeavesNothing_leavesTheSessionToOthers() throws SQLException {
    String session = ask(dataSource, ACME, session());
    for (TenantId tenant : new TenantId[] {NEIGHBOUR, GLOBEX, ACME, GLOBEX}) {
      assertThat(ask(dataSource, tenant, session())).isEqualTo(session);
    }
  }
}
