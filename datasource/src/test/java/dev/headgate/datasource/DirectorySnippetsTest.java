package dev.headgate.datasource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headgate.datasource.pool.AllowedDatabases;
import dev.headgate.datasource.pool.Database;
import dev.headgate.datasource.pool.PoolSettings;
import dev.headgate.datasource.pool.PoolTooLargeException;
import dev.headgate.datasource.pool.Restriction;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The directories that docs/databases.md shows. */
class DirectorySnippetsTest {

  private static final TenantId ACME = TenantId.of("acme");

  @TempDir Path folder;

  @Test
  void aMap() throws Exception {
    // snippet
    TenantDirectory directory =
        TenantDirectory.of(
            Map.of(
                "acme", Database.of("jdbc:postgresql://db1.example.com/acme"),
                "globex", Database.of("jdbc:postgresql://db2.example.com/globex")));
    // end of snippet
    assertThat(directory.find(ACME))
        .contains(Database.of("jdbc:postgresql://db1.example.com/acme"));
  }

  @Test
  void aPropertiesFile() {
    assertThatThrownBy(
            () -> {
              // snippet
              TenantDirectory directory =
                  TenantDirectory.properties(Path.of("/etc/app/tenants.properties"));
              // end of snippet
              assertThat(directory).isNull();
            })
        .isInstanceOf(IOException.class);
  }

  @Test
  void thePropertiesOfTheDocument_areRead() throws Exception {
    String document = Files.readString(Path.of("..", "docs", "databases.md"));
    Matcher block = Pattern.compile("```properties\n(.*?)```", Pattern.DOTALL).matcher(document);
    assertThat(block.find()).isTrue();
    Path secret = Files.writeString(folder.resolve("acme"), "one\n");
    Path file =
        Files.writeString(
            folder.resolve("tenants.properties"),
            block.group(1).replace("/run/secrets/acme", secret.toString()));
    PropertiesDirectory directory =
        new PropertiesDirectory(
            file, () -> new Placeholders(Map.of("GLOBEX_PASSWORD", "two")::get), System::nanoTime);
    assertThat(directory.find(ACME))
        .contains(
            Database.builder("jdbc:postgresql://db1.example.com/acme")
                .user("app")
                .password("one")
                .property("sslmode", "require")
                .pool(PoolSettings.defaults().withMaximumSize(5))
                .build());
    assertThat(directory.find(TenantId.of("globex")))
        .contains(
            Database.builder("jdbc:postgresql://db2.example.com/globex")
                .user("app")
                .password("two")
                .build());
  }

  @Test
  void aTemplate() throws Exception {
    String password = "secret";
    Set<String> customers = Set.of("acme");
    // snippet
    TenantDirectory directory =
        TenantDirectory.template(
            "jdbc:postgresql://db.example.com/{tenant}",
            database -> database.user("app").password(password));
    // end of snippet
    // snippet
    TenantDirectory known =
        tenant -> customers.contains(tenant.value()) ? directory.find(tenant) : Optional.empty();
    // end of snippet
    assertThat(known.find(ACME))
        .contains(
            Database.builder("jdbc:postgresql://db.example.com/acme")
                .user("app")
                .password("secret")
                .build());
    assertThat(known.find(TenantId.of("globex"))).isEmpty();
  }

  @Test
  void schemas() throws Exception {
    String password = "secret";
    // snippet
    TenantDirectory directory =
        TenantDirectory.template(
            "jdbc:postgresql://db.example.com/app",
            database -> database.user("app").password(password).schema("tenant_{tenant}"));
    // end of snippet
    assertThat(directory.find(ACME))
        .contains(
            Database.builder("jdbc:postgresql://db.example.com/app")
                .user("app")
                .password("secret")
                .schema("tenant_acme")
                .build());
  }

  @Test
  void aSchemaIsCreated() throws Exception {
    TenantId tenant = ACME;
    Database shared = Tenants.newH2();
    try (RoutingDataSource dataSource =
        RoutingDataSource.builder(
                TenantDirectory.template(
                    shared.url(), database -> database.schema("tenant_{tenant}")))
            .bind("shared", shared)
            .build()) {
      // snippet
      dataSource.call(
          tenant,
          work -> {
            try (Connection connection = dataSource.bind("shared").getConnection();
                Statement statement = connection.createStatement()) {
              statement.execute("CREATE SCHEMA \"tenant_" + tenant + '"');
            }
            return null;
          });
      // end of snippet
      try (Connection connection = dataSource.forTenant(tenant).getConnection()) {
        assertThat(connection.getSchema()).isEqualTo("tenant_acme");
      }
      assertThat(dataSource.snapshot().totals().made()).isEqualTo(1);
    }
  }

  @Test
  void aBudget() throws Exception {
    String name = "budget" + System.nanoTime();
    TenantDirectory directory =
        tenant ->
            Optional.of(
                Database.builder("jdbc:h2:mem:" + name + tenant)
                    .server("db.example.com:5432")
                    .pool(PoolSettings.defaults().withMaximumSize(41))
                    .build());
    // snippet
    RoutingDataSource dataSource =
        RoutingDataSource.builder(directory).budget("db.example.com:5432", 40).build();
    // end of snippet
    try (dataSource) {
      assertThatThrownBy(() -> dataSource.forTenant(ACME).getConnection())
          .isInstanceOf(PoolTooLargeException.class)
          .hasMessageContaining("db.example.com:5432 is 40");
    }
  }

  @Test
  void aTableThatOthersWrite() {
    TenantDirectory table =
        tenant ->
            Optional.of(Database.of("jdbc:postgresql://db.example.com/x?socketFactory=" + tenant));
    // snippet
    TenantDirectory directory =
        table.within(
            AllowedDatabases.under("jdbc:postgresql://db.example.com/").withProperties("sslmode"));
    // end of snippet
    assertThatThrownBy(() -> directory.find(ACME)).hasMessageContaining("socketFactory");
  }

  @Test
  void aTable() throws Exception {
    JdbcDataSource control = new JdbcDataSource();
    control.setURL("jdbc:h2:mem:control;DB_CLOSE_DELAY=-1");
    try (Connection connection = control.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(
          "CREATE TABLE tenant (name VARCHAR, url VARCHAR, username VARCHAR, password VARCHAR)");
      statement.execute("INSERT INTO tenant VALUES ('acme', 'jdbc:h2:mem:a', 'app', 'secret')");
    }
    // snippet
    TenantDirectory directory =
        TenantDirectory.query(
            control,
            "SELECT url, username, password FROM tenant WHERE name = ?",
            DatabaseMapper.byColumns());
    // end of snippet
    assertThat(directory.find(ACME))
        .contains(Database.builder("jdbc:h2:mem:a").user("app").password("secret").build());
  }

  @Test
  void whatIsRemembered() throws SQLException {
    Map<TenantId, Database> databases = new HashMap<>(Map.of(ACME, Tenants.newH2()));
    TenantDirectory directory = tenant -> Optional.ofNullable(databases.get(tenant));
    // snippet
    RoutingDataSource dataSource =
        RoutingDataSource.builder(directory)
            .directory(
                DirectorySettings.defaults()
                    .withFoundFor(Duration.ofMinutes(5))
                    .withUnknownFor(Duration.ofSeconds(30))
                    .withStaleFor(Duration.ofHours(1)))
            .build();
    // end of snippet
    try (dataSource) {
      dataSource.begin(ACME).close();
      databases.clear();
      dataSource.begin(ACME).close();
      assertThatThrownBy(() -> dataSource.begin(TenantId.of("globex")))
          .isInstanceOf(UnknownTenantException.class);
    }
  }

  @Test
  void aTenantThatMoves() throws Exception {
    Map<TenantId, Database> databases = new HashMap<>(Map.of(ACME, Tenants.newH2()));
    try (RoutingDataSource dataSource =
        RoutingDataSource.builder(tenant -> Optional.ofNullable(databases.get(tenant))).build()) {
      dataSource.forTenant(ACME).getConnection().close();
      databases.put(ACME, Tenants.newH2());
      // snippet
      dataSource.refresh(TenantId.of("acme"));
      dataSource.evict(TenantId.of("acme"));
      // end of snippet
      assertThat(dataSource.snapshot().pools()).isEmpty();
      try (Connection connection = dataSource.forTenant(ACME).getConnection()) {
        assertThat(databases.get(ACME).url()).startsWith(connection.getMetaData().getURL());
      }
    }
  }

  @Test
  void tenantsThatAreSuspended() throws SQLException {
    try (RoutingDataSource dataSource =
        RoutingDataSource.builder(tenant -> Optional.of(Database.of("jdbc:h2:mem:"))).build()) {
      // snippet
      dataSource.suspend(TenantId.of("acme"), "restored from the backup of Monday");
      dataSource.readOnly(TenantId.of("globex"), "moves to db7");
      dataSource.resume(TenantId.of("acme"));
      // end of snippet
      assertThat(dataSource.restrictions())
          .isEqualTo(Map.of(TenantId.of("globex"), Restriction.readOnly("moves to db7")));
    }
  }

  @Test
  void aDirectoryThatRestricts() throws Exception {
    // snippet
    TenantDirectory directory =
        tenant ->
            Optional.of(
                Database.of(urlOf(tenant)).restricted(Restriction.readOnly("moves to db7")));
    // end of snippet
    assertThat(directory.find(ACME).orElseThrow().restriction())
        .contains(Restriction.readOnly("moves to db7"));
  }

  private static String urlOf(TenantId tenant) {
    return "jdbc:h2:mem:" + tenant;
  }

  @Test
  void theRestrictionsOfTheDocument_areRead() throws Exception {
    String document = Files.readString(Path.of("..", "docs", "databases.md"));
    String block = document.substring(document.indexOf("acme.suspended"));
    Path file =
        Files.writeString(
            folder.resolve("restricted.properties"),
            "acme.url = jdbc:h2:mem:a\n" + block.substring(0, block.indexOf("```")));
    TenantDirectory directory = TenantDirectory.properties(file);
    assertThat(directory.find(ACME).orElseThrow().restriction())
        .contains(Restriction.suspended("restored from the backup of Monday"));
    assertThat(directory.find(TenantId.of("globex")).orElseThrow().restriction())
        .contains(Restriction.readOnly("moves to db7"));
  }
}
