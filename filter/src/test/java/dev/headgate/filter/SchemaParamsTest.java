package dev.headgate.filter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.datasource.RoutingDataSource;
import dev.headgate.datasource.TenantId;
import dev.headgate.datasource.pool.Database;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.eclipse.jetty.ee10.servlet.FilterHolder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** Tenants in schemas of one database, by init-params alone. */
@ParameterizedClass
@ValueSource(strings = {"H2", "PostgreSQL"})
class SchemaParamsTest {

  private final Database database;
  private final Web web = new Web();
  @TempDir private Path folder;

  SchemaParamsTest(String dbms) throws SQLException {
    database =
        dbms.equals("H2")
            ? Database.builder("jdbc:h2:mem:%s;DB_CLOSE_DELAY=-1".formatted(UUID.randomUUID()))
                .user("sa")
                .build()
            : PostgresServer.database("schema_params");
  }

  @BeforeEach
  void createSchemas() throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      for (String schema : List.of("tenant_acme", "tenant_globex")) {
        statement.execute("DROP SCHEMA IF EXISTS \"%s\" CASCADE".formatted(schema));
        statement.execute("CREATE SCHEMA \"%s\"".formatted(schema));
        statement.execute("CREATE TABLE \"%s\".note (tenant VARCHAR(50))".formatted(schema));
      }
    }
  }

  @AfterEach
  void close() {
    web.close();
  }

  private Connection connect() throws SQLException {
    return DriverManager.getConnection(database.url(), database.user().orElseThrow(), "");
  }

  private void start(Map<String, String> params) throws Exception {
    FilterHolder holder = new FilterHolder(UnitOfWorkFilter.class);
    holder.setInitParameters(params);
    holder.setInitParameter("resolver", "header");
    holder.setInitParameter("resolver.header", "Tenant");
    web.filter(holder)
        .servlet(
            "/*",
            (request, response) -> {
              insert(dataSource());
              if (request.getParameter("refused") != null) {
                response.sendError(409);
              }
            })
        .start();
  }

  private RoutingDataSource dataSource() {
    return UnitOfWorkFilter.dataSource(web.context().getServletContext());
  }

  private static void insert(RoutingDataSource dataSource) throws SQLException {
    TenantId tenant = dataSource.current().tenant();
    try (Connection connection = dataSource.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("INSERT INTO note VALUES ('%s')".formatted(tenant));
    }
  }

  private void eachTenantIsInItsOwn() throws Exception {
    assertThat(web.get("/", "Tenant: acme").status()).isEqualTo(200);
    assertThat(web.get("/", "Tenant: globex").status()).isEqualTo(200);
    assertThat(web.get("/?refused", "Tenant: globex").status()).isEqualTo(409);
    assertThat(web.get("/", "Tenant: acme").status()).isEqualTo(200);

    assertThat(notes("acme")).isEqualTo("2 of acme, 2 in all");
    assertThat(notes("globex")).isEqualTo("1 of globex, 1 in all");
    assertThat(dataSource().snapshot().pools()).hasSize(1);
  }

  private String notes(String tenant) throws SQLException {
    String sql =
        "SELECT count(CASE WHEN tenant = '%1$s' THEN 1 END), count(*) FROM \"tenant_%1$s\".note"
            .formatted(tenant);
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet counts = statement.executeQuery(sql)) {
      counts.next();
      return "%d of %s, %d in all".formatted(counts.getLong(1), tenant, counts.getLong(2));
    }
  }

  @Test
  void aSchemaWithThePlaceOfTheTenant() throws Exception {
    start(
        Map.of(
            "database.url", database.url(),
            "database.user", database.user().orElseThrow(),
            "database.schema", "tenant_{tenant}"));

    eachTenantIsInItsOwn();
    assertThat(web.get("/", "Tenant: nobody").status()).as("no such schema").isEqualTo(503);
  }

  @Test
  void aFileOfTenantsWithTheirSchemas() throws Exception {
    Path tenants = folder.resolve("tenants.properties");
    StringBuilder text = new StringBuilder();
    for (String tenant : List.of("acme", "globex")) {
      text.append("%s.url = %s%n".formatted(tenant, database.url()));
      text.append("%s.user = %s%n".formatted(tenant, database.user().orElseThrow()));
      text.append("%1$s.schema = tenant_%1$s%n".formatted(tenant));
    }
    Files.writeString(tenants, text);
    start(Map.of("directory", tenants.toString()));

    eachTenantIsInItsOwn();
    assertThat(web.get("/", "Tenant: nobody").status()).as("not in the file").isEqualTo(404);
  }
}
