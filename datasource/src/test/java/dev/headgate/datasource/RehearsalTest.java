package dev.headgate.datasource;

import static dev.headgate.datasource.Tenants.ACME;
import static dev.headgate.datasource.Tenants.GLOBEX;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headgate.datasource.pool.Database;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** A unit of work in which nothing is ever stored. */
@ParameterizedClass
@EnumSource
class RehearsalTest {

  enum Kind {
    H2,
    POSTGRESQL
  }

  @Parameter Kind kind;

  private Tenants tenants;
  private RoutingDataSource dataSource;
  private UnitOfWork rehearsal;

  @BeforeEach
  void begin() throws SQLException {
    tenants = kind == Kind.H2 ? Tenants.onH2() : Tenants.onPostgres();
    dataSource = tenants.dataSource;
    rehearsal = dataSource.begin(ACME, UnitOptions.defaults().rehearsal());
  }

  @AfterEach
  void nothingIsStoredAndNothingLeft() throws SQLException {
    try {
      rehearsal.close();
      assertThat(tenants.stored(ACME)).isEmpty();
      assertThat(tenants.leases()).isZero();
      assertThatThrownBy(dataSource::current).isInstanceOf(IllegalStateException.class);
    } finally {
      tenants.close();
    }
  }

  private void insert(String text) throws SQLException {
    try (Connection connection = dataSource.getConnection()) {
      Tenants.insert(connection, text);
    }
  }

  private List<String> visible() throws SQLException {
    try (Connection connection = dataSource.getConnection()) {
      return Tenants.texts(connection);
    }
  }

  @Test
  void whatIsCommittedInside_isVisibleInside() throws SQLException {
    insert("fixture");
    try (UnitOfWork work = dataSource.begin(ACME, UnitOptions.defaults())) {
      insert("request");
      work.commit();
      insert("uncommitted");
    }
    assertThat(visible()).containsExactly("fixture", "request");
    assertThat(tenants.stored(ACME)).isEmpty();
  }

  @Test
  void aUnitInside_hasItsOwnOutcome() throws SQLException {
    UnitOfWork stored = dataSource.begin(ACME);
    insert("a");
    stored.finish();
    UnitOfWork undone = dataSource.begin(ACME);
    insert("b");
    undone.close();
    UnitOfWork unused = dataSource.begin(ACME);
    unused.finish();
    assertThat(stored.outcome()).contains(Outcome.COMMITTED);
    assertThat(undone.outcome()).contains(Outcome.ROLLED_BACK);
    assertThat(unused.outcome()).isEmpty();
    assertThat(visible()).containsExactly("a");
  }

  @Test
  void aUnitThatIsRollbackOnly_spoilsNeitherTheNextOne_norTheFixture() throws SQLException {
    insert("fixture");
    UnitOfWork first = dataSource.begin(ACME);
    insert("a");
    first.setRollbackOnly();
    assertThatThrownBy(first::finish).isInstanceOf(RolledBackException.class);
    dataSource.call(
        ACME,
        work -> {
          insert("b");
          return null;
        });
    assertThat(visible()).containsExactly("b", "fixture");
  }

  @Test
  void aFailureThatIsSwallowed_endsOnlyTheUnitInside() throws SQLException {
    insert("fixture");
    UnitOfWork work = dataSource.begin(ACME);
    insert("a");
    assertThatThrownBy(() -> insert("a")).isInstanceOf(SQLException.class);
    if (kind == Kind.POSTGRESQL) {
      assertThatThrownBy(work::finish).isInstanceOf(RolledBackException.class);
      assertThat(visible()).containsExactly("fixture");
    } else {
      work.finish();
      assertThat(visible()).containsExactly("a", "fixture");
    }
  }

  @Test
  void frameworksThatCommitThemselves_areVisibleInside() throws SQLException {
    try (Connection connection = dataSource.getConnection()) {
      connection.setAutoCommit(false);
      Tenants.insert(connection, "a");
      connection.commit();
      Tenants.insert(connection, "b");
      connection.rollback();
    }
    assertThat(visible()).containsExactly("a");
  }

  @Test
  void currentCommit_storesNothing() throws SQLException {
    insert("a");
    dataSource.current().commit();
    rehearsal.commit();
    assertThat(tenants.stored(ACME)).isEmpty();
    assertThat(visible()).containsExactly("a");
  }

  @Test
  void finish_storesNothing() throws SQLException {
    insert("a");
    rehearsal.finish();
    assertThat(rehearsal.outcome()).contains(Outcome.ROLLED_BACK);
    assertThat(tenants.stored(ACME)).isEmpty();
  }

  @Test
  void anIndependentUnit_seesTheRest_andHasItsOwnOutcome() throws SQLException {
    UnitOfWork outer = dataSource.begin(ACME);
    insert("a");
    try (UnitOfWork inner = dataSource.beginIndependent(ACME, UnitOptions.defaults())) {
      assertThat(visible()).containsExactly("a");
      insert("b");
      inner.commit();
      insert("c");
    }
    outer.finish();
    assertThat(visible()).containsExactly("a", "b");
  }

  @Test
  void insideAUnitInside_beginJoins() throws SQLException {
    try (UnitOfWork work = dataSource.begin(ACME)) {
      insert("a");
      UnitOfWork part = dataSource.begin(ACME);
      insert("b");
      part.close();
      part = dataSource.begin(ACME);
      insert("c");
      part.finish();
      assertThatThrownBy(() -> dataSource.begin(ACME, UnitOptions.defaults()))
          .isInstanceOf(IllegalStateException.class);
      work.commit();
    }
    assertThat(visible()).containsExactly("a", "c");
  }

  @Test
  void handlesLeftOpen_areClosedWithTheirUnit() throws SQLException {
    UnitOfWork work = dataSource.begin(ACME);
    Connection left = dataSource.getConnection();
    left.setAutoCommit(false);
    Tenants.insert(left, "a");
    work.finish();
    assertThat(left.isClosed()).isTrue();
    assertThat(visible()).isEmpty();
  }

  @Test
  void workThatIsLostInAUnitInside_doesNotSpoilTheNext() throws SQLException {
    UnitOfWork work = dataSource.begin(ACME);
    Connection abandoned = dataSource.getConnection();
    abandoned.setAutoCommit(false);
    Tenants.insert(abandoned, "a");
    insert("b");
    abandoned.close();
    assertThatThrownBy(work::finish).isInstanceOf(RolledBackException.class);
    dataSource.call(
        ACME,
        next -> {
          insert("c");
          return null;
        });
    assertThat(visible()).containsExactly("c");
  }

  @Test
  void aUnitLeftOpenInside_isClosedWithTheRehearsal() throws SQLException {
    dataSource.begin(ACME);
    insert("a");
    rehearsal.close();
    assertThat(tenants.leases()).isZero();
  }

  @Test
  void aSecondRehearsal_isRefused() {
    assertThatThrownBy(() -> dataSource.begin(ACME, UnitOptions.defaults().rehearsal()))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void anotherTenant_isRefused() {
    assertThatThrownBy(() -> dataSource.begin(GLOBEX)).isInstanceOf(TenantMismatchException.class);
  }

  @Test
  void schemaWork_isPartOfIt_whereTheDatabaseHasItInTransactions() throws SQLException {
    if (kind == Kind.POSTGRESQL) {
      try (Connection connection = dataSource.getConnection();
          Statement statement = connection.createStatement()) {
        statement.execute("CREATE TABLE rehearsed (id INT)");
      }
      rehearsal.close();
      try (Connection connection = dataSource.forTenant(ACME).getConnection();
          Statement statement = connection.createStatement()) {
        assertThatThrownBy(() -> statement.execute("SELECT * FROM rehearsed"))
            .hasMessageContaining("does not exist");
      }
    }
  }

  @Test
  void bindsAndTransactionsOfTheApplication_areRehearsedToo() throws SQLException {
    Database own = Tenants.newH2();
    Database audit = Tenants.newH2();
    try (RoutingDataSource plain =
        RoutingDataSource.builder(TenantDirectory.of(Map.of("acme", own, "audit", audit)))
            .transactions(Transactions.NONE)
            .bind("audit", audit)
            .build()) {
      for (String tenant : List.of("acme", "audit")) {
        try (Connection connection = plain.forTenant(TenantId.of(tenant)).getConnection();
            Statement statement = connection.createStatement()) {
          statement.execute("CREATE TABLE note (text VARCHAR(100) PRIMARY KEY)");
        }
      }
      try (UnitOfWork whole = plain.begin(ACME, UnitOptions.defaults().rehearsal())) {
        try (UnitOfWork request = plain.begin(ACME, UnitOptions.defaults());
            Connection connection = plain.getConnection();
            Connection second = plain.bind("audit").getConnection()) {
          assertThat(connection.getAutoCommit()).isTrue();
          Tenants.insert(connection, "a");
          connection.setAutoCommit(false);
          Tenants.insert(connection, "b");
          connection.rollback();
          Tenants.insert(second, "c");
          request.finish();
        }
        try (Connection connection = plain.getConnection();
            Connection second = plain.bind("audit").getConnection()) {
          assertThat(Tenants.texts(connection)).containsExactly("a");
          assertThat(Tenants.texts(second)).containsExactly("c");
        }
      }
      for (String tenant : List.of("acme", "audit")) {
        try (Connection connection = plain.forTenant(TenantId.of(tenant)).getConnection()) {
          assertThat(Tenants.texts(connection)).as(tenant).isEmpty();
        }
      }
    }
  }

  @Test
  void aUnitInside_thatIsCancelled_takesNoMoreWork_andTheRehearsalGoesOn() throws SQLException {
    insert("before");
    try (UnitOfWork work = dataSource.begin(ACME);
        Connection connection = dataSource.getConnection()) {
      work.cancel();
      assertThatThrownBy(() -> Tenants.insert(connection, "a")).hasMessageContaining("cancelled");
      assertThatThrownBy(dataSource::getConnection).hasMessageContaining("cancelled");
    }
    insert("after");
    assertThat(visible()).containsExactly("after", "before");
  }

  @Test
  void aRehearsalThatIsCancelled_takesNoMoreWork_notInUnitsInsideEither() throws SQLException {
    try (UnitOfWork work = dataSource.begin(ACME);
        Connection connection = dataSource.getConnection()) {
      rehearsal.cancel();
      assertThatThrownBy(() -> Tenants.insert(connection, "a")).hasMessageContaining("cancelled");
      assertThat(work.isRollbackOnly()).isTrue();
    }
  }

  @Test
  void aPlainUnitInside_thatIsCancelled_takesNoMoreWork() throws SQLException {
    try (RoutingDataSource plain =
            RoutingDataSource.builder(TenantDirectory.of(Map.of("acme", Tenants.newH2())))
                .transactions(Transactions.NONE)
                .build();
        UnitOfWork whole = plain.begin(ACME, UnitOptions.defaults().rehearsal());
        UnitOfWork request = plain.begin(ACME);
        Connection connection = plain.getConnection()) {
      request.cancel();
      assertThatThrownBy(() -> StubTenant.execute(connection, "SELECT 1"))
          .hasMessageContaining("cancelled");
      assertThat(whole.isRollbackOnly()).isFalse();
    }
  }
}
