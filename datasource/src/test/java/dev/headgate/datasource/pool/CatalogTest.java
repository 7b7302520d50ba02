package dev.headgate.datasource.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.headgate.faults.Fault;
import dev.headgate.faults.StubDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A connection is led to its borrower's catalog, or is nobody's any more. */
class CatalogTest {

  private static final String TO_ACME = "Connection.setCatalog(acme)";
  private static final String RESET = "Statement.execute(RESET)";
  private static final String TO_GLOBEX = "Connection.setCatalog(globex)";

  private StubMySql mysql;
  private StubDatabase stub;
  private Database whole;
  private final PoolRegistry registry =
      PoolRegistry.builder().settings(PoolSettings.defaults().withMaximumSize(1)).build();

  @BeforeEach
  void start() throws SQLException {
    mysql = new StubMySql("catalogs");
    stub = mysql.stub;
    whole = mysql.database();
  }

  @AfterEach
  void stop() {
    registry.close();
    mysql.close();
  }

  private Lease lease(String catalog) throws SQLException {
    return registry.lease(whole.withCatalog(catalog));
  }

  private void use(Database database) throws SQLException {
    try (Lease lease = registry.lease(database);
        Connection connection = lease.getConnection()) {
      insert(connection);
    }
  }

  private static void insert(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("INSERT a");
    }
  }

  private List<String> changes() {
    return stub.calls().stream().filter(call -> call.contains(".setCatalog")).toList();
  }

  @Test
  void oneWhoWantsNone_costsNothing() throws SQLException {
    use(whole);
    use(whole);
    assertThat(changes()).isEmpty();
  }

  @Test
  void itIsChanged_onlyForAnotherOne() throws SQLException {
    use(whole.withCatalog("acme"));
    use(whole.withCatalog("acme"));
    use(whole.withCatalog("globex"));
    use(whole);
    use(whole);
    use(whole.withCatalog("globex"));
    assertThat(changes())
        .containsExactly(TO_ACME, TO_GLOBEX, "Connection.setCatalog(stub)", TO_GLOBEX);
    assertThat(stub.connectionsMade()).isEqualTo(1);
  }

  @Test
  void theLease_isOnTheDatabaseThatWasAskedFor() throws SQLException {
    try (Lease lease = lease("acme")) {
      assertThat(lease.database().catalog()).contains("acme");
      assertThat(registry.samePool(lease.database(), whole)).isTrue();
      assertThat(registry.samePool(lease.database(), whole.withCatalog("globex"))).isTrue();
    }
  }

  @Test
  void whatIsRetired_isThePoolOfAllOfThem() throws SQLException {
    use(whole.withCatalog("acme"));
    registry.retire(whole.withCatalog("globex"));
    assertThat(registry.snapshot().pools()).isEmpty();
  }

  enum Failure {
    SQL_EXCEPTION_WITHOUT_STATE(() -> new SQLException("broken in a way of its own")),
    RUNTIME_EXCEPTION(() -> new IllegalStateException("the driver has a bug")),
    ERROR(() -> new AssertionError("the driver has a bad bug"));

    private final Supplier<Throwable> make;

    Failure(Supplier<Throwable> make) {
      this.make = make;
    }
  }

  @ParameterizedTest
  @EnumSource
  void aChangeThatFails_destroysTheConnection_andIsHeardOf(Failure failure) throws SQLException {
    use(whole.withCatalog("acme"));
    Throwable thrown = failure.make.get();
    stub.arm(TO_GLOBEX::equals, Fault.throwBefore(() -> thrown)).always();
    assertFails("globex", thrown);
    assertOthersGoOn();
  }

  @ParameterizedTest
  @EnumSource
  void aChangeThatMayHaveBeenMade_destroysTheConnection(Failure failure) throws SQLException {
    use(whole.withCatalog("acme"));
    Throwable thrown = failure.make.get();
    stub.arm(TO_GLOBEX::equals, Fault.throwAfter(() -> thrown)).always();
    assertFails("globex", thrown);
    assertOthersGoOn();
  }

  private void assertFails(String catalog, Throwable thrown) throws SQLException {
    try (Lease lease = lease(catalog)) {
      assertThatThrownBy(lease::getConnection).hasStackTraceContaining(thrown.getMessage());
    }
    await().until(() -> stub.openConnections() == 0);
  }

  private void assertOthersGoOn() throws SQLException {
    int before = stub.connectionsMade();
    use(whole.withCatalog("acme"));
    assertThat(changes()).startsWith(TO_ACME, TO_GLOBEX).endsWith(TO_ACME);
    assertThat(stub.connectionsMade()).isEqualTo(before + 1);
    assertThat(registry.snapshot().pools().get(0).active()).isZero();
  }

  @Test
  void aResetThatFails_destroysTheConnection_andTheNextGetsAnother() throws SQLException {
    use("acme");
    stub.arm(RESET::equals, Fault.throwBefore(() -> new SQLException("no way")));
    use("globex");
    await().until(() -> stub.connectionsClosed() == 1);
    assertThat(stub.connectionsMade()).isEqualTo(2);
    assertThat(registry.snapshot().pools().get(0).active()).isZero();
  }

  @Test
  void aResetThatFailsForEachConnection_isHeardOf_onceItIsNoOneElses() throws SQLException {
    use(whole.withCatalog("acme"));
    stub.arm(List.of(RESET, TO_GLOBEX)::contains, Fault.breakBefore()).always();
    try (Lease lease = lease("globex")) {
      assertThatThrownBy(lease::getConnection)
          .isInstanceOf(DatabaseUnavailableException.class)
          .hasMessageContaining("could not be led to \"globex\", and was closed");
    }
    assertThat(stub.connectionsMade()).isEqualTo(2);
    await().until(() -> stub.openConnections() == 0);
  }

  @Test
  void itIsReset_onlyForAnotherOne() throws SQLException {
    use("acme");
    use("acme");
    use("globex");
    use("globex");
    use("acme");
    assertThat(stub.calls().stream().filter(RESET::equals)).hasSize(2);
    assertThat(stub.connectionsMade()).isEqualTo(1);
  }

  private void use(String tenant) throws SQLException {
    try (Connection connection = registry.borrow(whole, tenant, null, null)) {
      insert(connection);
    }
  }

  @Test
  void theFailure_saysWhereItWasToGo() throws SQLException {
    stub.arm(
        TO_ACME::equals, Fault.throwBefore(() -> new SQLException("Unknown database", "42000")));
    try (Lease lease = lease("acme")) {
      assertThatThrownBy(lease::getConnection)
          .isInstanceOfSatisfying(
              DatabaseUnavailableException.class,
              e -> assertThat(e.getSQLState()).isEqualTo("42000"))
          .hasMessageContainingAll(
              "could not be led to \"acme\", and was closed: Unknown database",
              registry.toString() + "-pool-1",
              whole.address())
          .hasRootCauseMessage("Unknown database");
    }
  }

  @Test
  void oneThatIsNotThere_costsTheOthersNoConnection() throws SQLException {
    use(whole.withCatalog("acme"));
    SQLException unknown = new SQLException("Unknown database 'globex'", "42000", 1049);
    stub.arm(TO_GLOBEX::equals, Fault.throwBefore(() -> unknown));
    try (Lease lease = lease("globex")) {
      assertThatThrownBy(lease::getConnection)
          .isInstanceOf(DatabaseUnavailableException.class)
          .hasMessageContaining("could not be led to \"globex\": Unknown database")
          .hasRootCause(unknown);
    }
    use(whole.withCatalog("acme"));
    assertThat(changes()).containsExactly(TO_ACME, TO_GLOBEX, TO_ACME);
    assertThat(stub.connectionsMade()).isEqualTo(1);
    assertThat(registry.snapshot().pools().get(0).active()).isZero();
  }

  @Test
  void whereNobodyHasAsked_aConnectionThatCantSayWhereItIs_isDestroyed() throws SQLException {
    use(whole.withCatalog("acme"));
    stub.arm("Connection.getCatalog()"::equals, Fault.throwBefore(() -> new SQLException("dead")));
    use(whole.withCatalog("acme"));
    await().until(() -> stub.connectionsClosed() == 1);
    assertThat(stub.connectionsMade()).isEqualTo(2);
  }

  @Test
  void aNewConnectionThatCantSayWhereItIs_isNone() throws SQLException {
    stub.arm("Connection.getCatalog()"::equals, Fault.throwBefore(() -> new SQLException("dead")));
    assertThatThrownBy(() -> use(whole)).hasMessageContaining("dead");
    use(whole);
    assertThat(stub.connectionsMade()).isEqualTo(2);
    assertThat(stub.connectionsClosed()).isEqualTo(1);
  }

  @Test
  void whatTheApplicationHasChanged_isChangedForTheNext() throws SQLException {
    try (Lease lease = lease("acme");
        Connection connection = lease.getConnection()) {
      connection.setCatalog("elsewhere");
    }
    use(whole.withCatalog("acme"));
    assertThat(changes()).containsExactly(TO_ACME, "Connection.setCatalog(elsewhere)", TO_ACME);
    assertThat(stub.connectionsMade()).isEqualTo(1);
  }

  /** PostgreSQL's driver begins a transaction for it, of which HikariCP does not know. */
  @Test
  void whoHasChangedIt_leavesNoTransactionInThePool() throws SQLException {
    try (Lease lease = lease("acme");
        Connection connection = lease.getConnection()) {
      stub.resetCalls();
      connection.setCatalog("elsewhere");
    }
    assertThat(stub.calls())
        .containsSubsequence("Connection.setCatalog(elsewhere)", "Connection.rollback()");
  }

  @Test
  void whatTheApplicationHasChanged_thatIsNotLedAnywhere_destroysTheConnection()
      throws SQLException {
    try (Lease lease = lease("acme");
        Connection connection = lease.getConnection()) {
      connection.setSchema("elsewhere");
    }
    await().until(() -> stub.connectionsClosed() == 1);
  }
}
