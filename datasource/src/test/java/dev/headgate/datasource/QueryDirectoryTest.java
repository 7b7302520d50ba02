package dev.headgate.datasource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headgate.datasource.pool.Database;
import dev.headgate.datasource.pool.PoolSettings;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tenants in a table of a control database. */
class QueryDirectoryTest {

  private static final TenantId ACME = TenantId.of("acme");
  private static final String SQL =
      "SELECT url, username, password, maximum_pool_size FROM tenant WHERE name = ?";

  private final JdbcDataSource control = new JdbcDataSource();

  @BeforeEach
  void create() throws SQLException {
    control.setURL("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
    execute(
        "CREATE TABLE tenant (name VARCHAR, url VARCHAR, username VARCHAR, password VARCHAR,"
            + " maximum_pool_size INT)");
  }

  private void execute(String sql) throws SQLException {
    try (Connection connection = control.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private TenantDirectory directory(String sql) {
    return TenantDirectory.query(control, sql, DatabaseMapper.byColumns());
  }

  @Test
  void columns_areMapped() throws Exception {
    execute("INSERT INTO tenant VALUES ('acme', 'jdbc:h2:mem:a', 'app', 'secret', 3)");
    assertThat(directory(SQL).find(ACME))
        .contains(
            Database.builder("jdbc:h2:mem:a")
                .user("app")
                .password("secret")
                .pool(PoolSettings.defaults().withMaximumSize(3))
                .build());
  }

  @Test
  void columns_mayBeNullOrMissing() throws Exception {
    execute("INSERT INTO tenant (name, url) VALUES ('acme', 'jdbc:h2:mem:a')");
    Database database = Database.of("jdbc:h2:mem:a");
    assertThat(directory(SQL).find(ACME)).contains(database);
    assertThat(directory("SELECT url FROM tenant WHERE name = ?").find(ACME)).contains(database);
  }

  @Test
  void aSchemaOrCatalog_isMapped() throws Exception {
    assertThat(directory("SELECT 'jdbc:h2:mem:' url, CAST(? AS VARCHAR) schema").find(ACME))
        .contains(Database.of("jdbc:h2:mem:").withSchema("acme"));
    assertThat(
            directory("SELECT 'jdbc:mysql://h/' url, NULL schema, CAST(? AS VARCHAR) catalog")
                .find(ACME))
        .contains(Database.of("jdbc:mysql://h/").withCatalog("acme"));
    assertThat(directory("SELECT 'jdbc:h2:mem:' || ? url, NULL catalog").find(ACME))
        .contains(Database.of("jdbc:h2:mem:acme"));
  }

  @Test
  void noRow_isAnUnknownTenant() throws Exception {
    assertThat(directory(SQL).find(ACME)).isEmpty();
  }

  @Test
  void twoRows_areAFailure() throws SQLException {
    execute("INSERT INTO tenant (name, url) VALUES ('acme', 'jdbc:h2:mem:a')");
    execute("INSERT INTO tenant (name, url) VALUES ('acme', 'jdbc:h2:mem:b')");
    assertThatThrownBy(() -> directory(SQL).find(ACME))
        .isInstanceOf(SQLException.class)
        .hasMessageContaining("more than one row for tenant \"acme\"");
  }

  @Test
  void aRowWithoutUrl_isAFailure() throws SQLException {
    execute("INSERT INTO tenant (name) VALUES ('acme')");
    assertThatThrownBy(() -> directory(SQL).find(ACME))
        .isInstanceOf(SQLException.class)
        .hasMessageContaining("has no url");
  }

  @Test
  void aColumnWithAnotherName_isRefused() throws SQLException {
    execute("INSERT INTO tenant (name, url) VALUES ('acme', 'jdbc:h2:mem:a')");
    assertThatThrownBy(() -> directory("SELECT url, name FROM tenant WHERE name = ?").find(ACME))
        .isInstanceOf(SQLException.class)
        .hasMessageContaining("column name: there are url, username");
  }

  @Test
  void aMapperOfTheApplications_takesItsPlace() throws Exception {
    execute("INSERT INTO tenant (name, url) VALUES ('acme', 'a')");
    TenantDirectory directory =
        TenantDirectory.query(
            control,
            "SELECT url FROM tenant WHERE name = ?",
            row -> Database.of("jdbc:h2:mem:" + row.getString("url")));
    assertThat(directory.find(ACME)).contains(Database.of("jdbc:h2:mem:a"));
  }

  @Test
  void aControlDatabaseThatIsDown_isAFailure_notAnUnknownTenant() {
    JdbcDataSource down = new JdbcDataSource();
    down.setURL("jdbc:h2:tcp://127.0.0.1:1/none");
    try (RoutingDataSource dataSource =
        RoutingDataSource.builder(TenantDirectory.query(down, SQL, DatabaseMapper.byColumns()))
            .build()) {
      assertThatThrownBy(() -> dataSource.begin(ACME)).isInstanceOf(TenantDirectoryException.class);
    }
  }
}
