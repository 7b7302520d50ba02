package dev.headgate.datasource;

import static dev.headgate.datasource.Tenants.ACME;
import static dev.headgate.datasource.Tenants.GLOBEX;
import static dev.headgate.datasource.Tenants.insert;
import static dev.headgate.datasource.Tenants.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headgate.datasource.pool.Database;
import dev.headgate.datasource.pool.DatabaseUnavailableException;
import dev.headgate.datasource.pool.PoolSettings;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Tenants that differ only in their schema or catalog, on a pool with one connection: whatever one
 * of them does to it, the next finds its own.
 */
abstract class SchemaContract {

  /** The tenant of the database itself, who is where a connection is opened. */
  static final TenantId HOUSE = TenantId.of("house");

  /** The name says nothing unquoted. */
  private static final String HOSTILE = "a'b\"c; {d} ? $$ \\ é -- /*";

  RoutingDataSource dataSource;

  /** Returns the database without a schema or catalog, where there are none but its own. */
  abstract Database whole() throws SQLException;

  /** Returns the database with a schema or catalog. */
  abstract Database in(String name) throws SQLException;

  abstract void create(String name, Statement statement) throws SQLException;

  abstract void drop(String name, Statement statement) throws SQLException;

  /** Returns the SQL with which an application goes to a schema or catalog by itself. */
  abstract String change(String name);

  /** Does the same by JDBC. */
  abstract void change(Connection connection, String name) throws SQLException;

  abstract String place(Connection connection) throws SQLException;

  String hostile() {
    return HOSTILE;
  }

  @BeforeEach
  void start() throws SQLException {
    dataSource =
        RoutingDataSource.builder(
                TenantDirectory.of(
                    Map.of(
                        "house", whole(),
                        "acme", in("acme-1"),
                        "globex", in("globex-2"),
                        "nowhere", in("nowhere"))))
            .bind("globex", in("globex-2"))
            .pool(PoolSettings.defaults().withMaximumSize(1))
            .build();
    try (Connection connection = dataSource.forTenant(HOUSE).getConnection();
        Statement statement = connection.createStatement()) {
      for (String name : List.of("acme-1", "globex-2", hostile())) {
        drop(name, statement);
        create(name, statement);
      }
      statement.execute("DROP TABLE IF EXISTS note");
      statement.execute("CREATE TABLE note (text VARCHAR(100) PRIMARY KEY)");
    }
    for (TenantId tenant : List.of(ACME, GLOBEX)) {
      try (Connection connection = dataSource.forTenant(tenant).getConnection();
          Statement statement = connection.createStatement()) {
        statement.execute("CREATE TABLE note (text VARCHAR(100) PRIMARY KEY)");
      }
    }
  }

  @AfterEach
  void stop() {
    dataSource.close();
  }

  /** Returns what is stored; and sees to it that there was no more than the one connection. */
  List<String> stored(TenantId tenant) throws SQLException {
    try (Connection connection = dataSource.forTenant(tenant).getConnection()) {
      return texts(connection);
    }
  }

  void add(TenantId tenant, String text) throws SQLException {
    dataSource.call(
        tenant,
        work -> {
          try (Connection connection = dataSource.getConnection()) {
            insert(connection, text);
          }
          return null;
        });
  }

  private void assertEachHasItsOwn() throws SQLException {
    add(ACME, "of acme");
    add(GLOBEX, "of globex");
    add(HOUSE, "of the house");
    assertThat(stored(ACME)).containsExactly("of acme");
    assertThat(stored(GLOBEX)).containsExactly("of globex");
    assertThat(stored(HOUSE)).containsExactly("of the house");
  }

  @Test
  void each_hasItsOwn_onOnePool() throws SQLException {
    assertEachHasItsOwn();
    assertThat(dataSource.snapshot().totals().made()).isEqualTo(1);
    assertThat(dataSource.snapshot().pools())
        .singleElement()
        .satisfies(
            pool -> {
              assertThat(pool.labels()).containsExactly("acme", "globex", "house");
              assertThat(pool.database().schema()).isEmpty();
              assertThat(pool.database().catalog()).isEmpty();
            });
  }

  @Test
  void aRollback_doesNotLeadBack() throws SQLException {
    add(GLOBEX, "before");
    try (UnitOfWork work = dataSource.begin(ACME);
        Connection connection = dataSource.getConnection()) {
      insert(connection, "undone");
      assertThat(work.outcomes()).isEmpty();
    }
    add(ACME, "kept");
    assertThat(stored(ACME)).containsExactly("kept");
    assertThat(stored(GLOBEX)).containsExactly("before");
  }

  @Test
  void whoChangesItByJdbc_changesItForHimselfAlone() throws SQLException {
    try (UnitOfWork work = dataSource.begin(ACME);
        Connection connection = dataSource.getConnection()) {
      change(connection, "globex-2");
      work.commit();
    }
    assertEachHasItsOwn();
  }

  @Test
  void whoChangesItByJdbcAndRollsBack_changesItForHimselfAlone() throws SQLException {
    try (UnitOfWork work = dataSource.begin(ACME);
        Connection connection = dataSource.getConnection()) {
      change(connection, "globex-2");
      assertThat(work.outcomes()).isEmpty();
    }
    assertEachHasItsOwn();
  }

  @Test
  void whoChangesItByJdbc_whereItWasWhenItWasOpened_changesItForHimselfAlone() throws SQLException {
    add(HOUSE, "first");
    try (Connection connection = dataSource.forTenant(HOUSE).getConnection()) {
      change(connection, "globex-2");
      assertThat(place(connection)).isEqualTo("globex-2");
    }
    assertThat(stored(HOUSE)).containsExactly("first");
    assertThat(dataSource.snapshot().totals().made()).isEqualTo(1);
  }

  @Test
  void whoChangesItBySql_changesItForHimselfAlone() throws SQLException {
    try (UnitOfWork work = dataSource.begin(ACME);
        Connection connection = dataSource.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(change("globex-2"));
      work.commit();
    }
    assertEachHasItsOwn();
  }

  @Test
  void whoChangesItByTheDriversOwnConnection_changesItForHimselfAlone() throws SQLException {
    add(ACME, "first");
    try (Connection connection = dataSource.forTenant(ACME).getConnection()) {
      change(own(connection), "globex-2");
    }
    assertThat(stored(ACME)).containsExactly("first");
    assertThat(stored(GLOBEX)).isEmpty();
  }

  /** Returns the driver's own connection. */
  abstract Connection own(Connection connection) throws SQLException;

  @Test
  void bindsAndPlainConnections_areLedThere_too() throws SQLException {
    dataSource.call(
        HOUSE,
        work -> {
          try (Connection connection = dataSource.bind("globex").getConnection()) {
            insert(connection, "of the bind");
          }
          return null;
        });
    DataSource plain = dataSource.forTenant(ACME);
    try (Connection connection = plain.getConnection()) {
      insert(connection, "of a plain connection");
    }
    assertThat(stored(GLOBEX)).containsExactly("of the bind");
    assertThat(stored(ACME)).containsExactly("of a plain connection");
    assertThat(stored(HOUSE)).isEmpty();
  }

  @Test
  void whereThereIsNone_thereIsNoConnection() throws SQLException {
    add(ACME, "before");
    try (UnitOfWork work = dataSource.begin(TenantId.of("nowhere"))) {
      assertThatThrownBy(dataSource::getConnection)
          .isInstanceOf(DatabaseUnavailableException.class)
          .hasMessageContainingAll("could not be led to \"nowhere\"", "jdbc:");
      assertThat(work.outcomes()).isEmpty();
    }
    assertThat(dataSource.snapshot().pools())
        .singleElement()
        .satisfies(
            pool -> {
              assertThat(pool.leases()).isZero();
              assertThat(pool.active()).isZero();
              assertThat(pool.idle()).as("connections that are kept").isEqualTo(1);
            });
    assertEachHasOneMore();
  }

  private void assertEachHasOneMore() throws SQLException {
    add(ACME, "after");
    assertThat(stored(ACME)).containsExactly("after", "before");
    assertThat(stored(GLOBEX)).isEmpty();
  }

  @Test
  void aTenantThatMoves_isLedToItsNewOne_byTheSamePool() throws SQLException {
    AtomicReference<Database> answer = new AtomicReference<>(in("acme-1"));
    InMemoryDirectory directory = tenant -> Optional.of(answer.get());
    try (RoutingDataSource moving = RoutingDataSource.builder(directory).build()) {
      for (String name : List.of("acme-1", "globex-2")) {
        answer.set(in(name));
        try (UnitOfWork work = moving.begin(ACME);
            Connection connection = moving.getConnection()) {
          assertThat(place(connection)).isEqualTo(name);
          assertThat(work.database()).isEqualTo(in(name));
        }
      }
      assertThat(moving.snapshot().totals().made()).isEqualTo(1);
    }
  }

  @Test
  void aNameIsTakenAsItIs() throws SQLException {
    try (RoutingDataSource hostile = RoutingDataSource.builder(in(hostile())).build();
        Connection connection = hostile.forTenant(TenantId.ONLY).getConnection()) {
      assertThat(place(connection)).isEqualTo(hostile());
    }
  }

  @Test
  void statementsThatDriversRemember_areEachTenantsOwn() throws SQLException {
    execute(ACME, "CREATE TABLE thing (content INT)");
    execute(GLOBEX, "CREATE TABLE thing (extra INT, content VARCHAR(10))");
    execute(ACME, "INSERT INTO thing VALUES (1)");
    execute(GLOBEX, "INSERT INTO thing VALUES (0, 'two')");
    for (int i = 0; i < 12; i++) {
      assertThat(things(ACME)).isEqualTo("1");
      assertThat(things(ACME)).isEqualTo("1");
      assertThat(things(GLOBEX)).isEqualTo("two");
    }
  }

  void execute(TenantId tenant, String sql) throws SQLException {
    try (Connection connection = dataSource.forTenant(tenant).getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private String things(TenantId tenant) throws SQLException {
    return dataSource.call(
        tenant,
        work -> {
          try (Connection connection = dataSource.getConnection();
              PreparedStatement select =
                  connection.prepareStatement("SELECT * FROM thing WHERE content IS NOT NULL");
              ResultSet rows = select.executeQuery()) {
            rows.next();
            return rows.getString("content");
          }
        });
  }
}
