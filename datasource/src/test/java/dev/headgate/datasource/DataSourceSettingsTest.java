package dev.headgate.datasource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headgate.datasource.pool.Database;
import dev.headgate.datasource.pool.PoolEvent;
import dev.headgate.datasource.pool.PoolListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A data source described by texts. */
class DataSourceSettingsTest {

  private static final String H2 = "jdbc:h2:mem:";

  @TempDir Path folder;

  private static String newUrl() {
    return H2 + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1";
  }

  private static Database of(RoutingDataSource dataSource, TenantId tenant) throws SQLException {
    try (UnitOfWork work = dataSource.begin(tenant)) {
      return work.database();
    }
  }

  @Test
  void oneDatabase_isThatOfTheOnlyTenant() throws Exception {
    Path secret = Files.writeString(folder.resolve("secret"), "sa's password\n");
    try (RoutingDataSource dataSource =
        RoutingDataSource.of(
            Map.of(
                "database.url", "jdbc:h2:mem:one",
                "database.user", "sa",
                "database.password", "${file:" + secret + "}",
                "database.property.IFEXISTS", "FALSE"))) {
      assertThat(of(dataSource, TenantId.ONLY))
          .isEqualTo(
              Database.builder("jdbc:h2:mem:one")
                  .user("sa")
                  .password("sa's password")
                  .property("IFEXISTS", "FALSE")
                  .build());
      assertThatThrownBy(() -> dataSource.begin(TenantId.of("acme")))
          .isInstanceOf(UnknownTenantException.class);
    }
  }

  @Test
  void aUrlWithThePlaceOfTheTenant_isATemplate() throws SQLException {
    try (RoutingDataSource dataSource =
        RoutingDataSource.of(
            Map.of("database.url", "jdbc:h2:mem:{tenant}", "database.user", "sa"))) {
      assertThat(of(dataSource, TenantId.of("acme")))
          .isEqualTo(Database.builder("jdbc:h2:mem:acme").user("sa").build());
    }
  }

  @Test
  void aSchemaWithThePlaceOfTheTenant_isATemplate() throws SQLException {
    try (RoutingDataSource dataSource =
        RoutingDataSource.of(
            Map.of("database.url", "jdbc:h2:mem:one", "database.schema", "T-{tenant}"))) {
      assertThat(of(dataSource, TenantId.of("acme")))
          .isEqualTo(Database.of("jdbc:h2:mem:one").withSchema("T-acme"));
    }
  }

  @Test
  void aCatalog_isThatOfTheOneDatabase() throws SQLException {
    try (RoutingDataSource dataSource =
        RoutingDataSource.of(
            Map.of("database.url", "jdbc:mariadb://h/", "database.catalog", "shop"))) {
      assertThat(of(dataSource, TenantId.ONLY))
          .isEqualTo(Database.of("jdbc:mariadb://h/").withCatalog("shop"));
    }
  }

  @Test
  void aPropertiesFile_isTheDirectory() throws Exception {
    Path file = Files.writeString(folder.resolve("t.properties"), "acme.url = jdbc:h2:mem:a");
    try (RoutingDataSource dataSource = RoutingDataSource.of(Map.of("directory", file + ""))) {
      assertThat(of(dataSource, TenantId.of("acme"))).isEqualTo(Database.of("jdbc:h2:mem:a"));
    }
  }

  /** Knows every tenant. */
  public static final class Everyone implements TenantDirectory {
    @Override
    public Optional<Database> find(TenantId tenant) {
      return Optional.of(Database.of(H2 + tenant));
    }
  }

  @Test
  void aClass_isTheDirectory() throws SQLException {
    try (RoutingDataSource dataSource =
        RoutingDataSource.of(Map.of("directory", Everyone.class.getName()))) {
      assertThat(of(dataSource, TenantId.of("acme"))).isEqualTo(Database.of(H2 + "acme"));
    }
  }

  @Test
  void whereTheDatabasesOfADirectoryMayBe_isSaid() throws SQLException {
    Map<String, String> settings =
        Map.of("directory", Everyone.class.getName(), "directory.allowed-urls", "jdbc:h2:mem:");
    try (RoutingDataSource dataSource = RoutingDataSource.of(settings)) {
      assertThat(of(dataSource, TenantId.of("acme"))).isEqualTo(Database.of(H2 + "acme"));
    }
  }

  @Test
  void aDatabaseElsewhere_isAFailureOfTheDirectory() {
    Map<String, String> settings =
        Map.of(
            "directory",
            Everyone.class.getName(),
            "directory.allowed-urls",
            "jdbc:h2:file:/data/ jdbc:h2:tcp://db/",
            "directory.allowed-properties",
            "ssl");
    try (RoutingDataSource dataSource = RoutingDataSource.of(settings)) {
      assertThatThrownBy(() -> dataSource.begin(TenantId.of("acme")))
          .isInstanceOf(TenantDirectoryException.class)
          .hasRootCauseMessage(
              H2 + "acme is not allowed: its URL begins with none of the allowed ones");
    }
  }

  @Test
  void binds_areNamed() throws SQLException {
    try (RoutingDataSource dataSource =
            RoutingDataSource.of(
                Map.of(
                    "database.url", newUrl(),
                    "bind.audit.url", newUrl(),
                    "bind.audit.user", "sa",
                    "bind.archive.url", newUrl()));
        UnitOfWork work = dataSource.begin(TenantId.ONLY);
        Connection audit = dataSource.bind("audit").getConnection();
        Connection archive = dataSource.bind("archive").getConnection()) {
      assertThat(audit.getMetaData().getUserName()).isEqualToIgnoringCase("sa");
      assertThat(archive.getMetaData().getURL()).isNotEqualTo(audit.getMetaData().getURL());
      work.commit();
    }
  }

  @Test
  void transactionsAndAutoCommit_areSet() throws SQLException {
    Map<String, String> settings = new HashMap<>(Map.of("database.url", newUrl()));
    settings.put("auto-commit", "false");
    assertThat(autoCommitOf(settings)).isFalse();
    settings.put("auto-commit", "true");
    assertThat(autoCommitOf(settings)).isTrue();
    settings.remove("auto-commit");
    settings.put("transactions", "none");
    try (RoutingDataSource dataSource = RoutingDataSource.of(settings);
        UnitOfWork work = dataSource.begin(TenantId.ONLY)) {
      assertThatThrownBy(work::setRollbackOnly).hasMessageContaining("transactions = none");
    }
    settings.put("transactions", "unit");
    assertThat(autoCommitOf(settings)).isTrue();
  }

  private static boolean autoCommitOf(Map<String, String> settings) throws SQLException {
    try (RoutingDataSource dataSource = RoutingDataSource.of(settings);
        UnitOfWork work = dataSource.begin(TenantId.ONLY);
        Connection connection = dataSource.getConnection()) {
      work.setRollbackOnly();
      return connection.getAutoCommit();
    }
  }

  @Test
  void poolsAreBounded() throws SQLException {
    try (RoutingDataSource dataSource =
        RoutingDataSource.of(
            Map.of(
                "database.url", "jdbc:h2:mem:{tenant}",
                "pools.maximum", "1",
                "pools.idle-expiry", "PT5M",
                "pools.close-timeout", "PT1S",
                "pool.maximum-size", "1",
                "pool.borrow-timeout", "PT0.25S",
                "directory.found-for", "PT1M"))) {
      for (String tenant : new String[] {"a", "b"}) {
        try (UnitOfWork work = dataSource.begin(TenantId.of(tenant))) {
          dataSource.getConnection().close();
          work.commit();
        }
      }
      assertThat(dataSource.snapshot().totals().evicted()).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "                                           | directory: is missing; or give the one database",
        "directory=                                 | directory: is empty",
        "directory=/none.properties                 | directory: can't be read: java.nio.file.NoSuchFile",
        "directory=no.such.Type                     | directory: no.such.Type: it has to be a class that implements",
        "directory=java.lang.String                 | directory: java.lang.String: it has to be a class that implements",
        "directory=a.properties database.url=jdbc:h2:mem:a | directory: is there together with database.*",
        "database.user=sa                           | database.url: is missing",
        "database.url=h2:a                          | database.url: not a JDBC URL",
        "database.url=jdbc:h2:mem:a database.x=1    | database.x: is unknown",
        "database.url=jdbc:h2:mem:{tenant} database.x=1 | database.x: is unknown",
        "database.url=jdbc:h2:mem:a database.password=canary${env:HEADGATE_NONE} | database.password: the environment variable HEADGATE_NONE is not set",
        "database.url=jdbc:h2:mem:a database.catalog=x | database.catalog: catalog \"x\": the driver of this URL calls it a schema",
        "database.url=jdbc:mariadb://h/ database.catalog=x database.schema=y | database.schema: there is the catalog \"x\" already",
        "database.url=jdbc:h2:mem:a pools.most=1    | pools.most: is unknown",
        "database.url=jdbc:h2:mem:a pools.maximum=0 | pools.maximum: maximum pools 0",
        "database.url=jdbc:h2:mem:a pools.listener=java.lang.String | pools.listener: java.lang.String: it has to be a class that implements",
        "database.url=jdbc:h2:mem:a pools.maximum=x | pools.maximum: x: not a whole number",
        "database.url=jdbc:h2:mem:a pools.idle-expiry=1 | pools.idle-expiry: 1: not a duration",
        "database.url=jdbc:h2:mem:a pool.size=1     | pool.size: is unknown",
        "database.url=jdbc:h2:mem:a directory.size=1 | directory.size: is unknown",
        "database.url=jdbc:h2:mem:a directory.allowed-urls=jdbc:h2:mem: | directory.allowed-urls: is for a directory",
        "directory=no.such.Type directory.allowed-properties=ssl | directory: no.such.Type",
        "directory=dev.headgate.datasource.DataSourceSettingsTest$Everyone directory.allowed-properties=ssl | directory.allowed-properties: goes with directory.allowed-urls",
        "directory=dev.headgate.datasource.DataSourceSettingsTest$Everyone directory.allowed-urls=jdbc:x://h | directory.allowed-urls: \"jdbc:x://h\": a prefix ends",
        "database.url=jdbc:h2:mem:a transactions=x  | transactions: x: neither unit nor none",
        "database.url=jdbc:h2:mem:a auto-commit=yes | auto-commit: yes: neither true nor false",
        "database.url=jdbc:h2:mem:a transactions=none auto-commit=false | auto-commit: autoCommit(false) is for",
        "database.url=jdbc:h2:mem:a bind.x=1        | bind.x: a key is bind.NAME.url",
        "database.url=jdbc:h2:mem:a bind.x.user=1   | bind.x.url: is missing",
        "database.url=jdbc:h2:mem:a Pools.maximum=1 | Pools.maximum: is unknown",
      })
  void whatIsWrong_isNamed(String settings, String message) {
    Map<String, String> map = new HashMap<>();
    for (String setting : settings == null ? new String[0] : settings.split(" ")) {
      String[] parts = setting.split("=", 2);
      map.put(parts[0], parts[1]);
    }
    assertThatThrownBy(() -> RoutingDataSource.of(map))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(message)
        .hasMessageNotContaining("canary");
  }

  /** Named by its class in a setting. */
  public static final class NotedEvents implements PoolListener {

    static final Set<String> URLS = ConcurrentHashMap.newKeySet();

    @Override
    public void on(PoolEvent event) {
      URLS.add(event.database().url());
    }
  }

  @Test
  void listener_isMadeAndHears() throws SQLException {
    String url = newUrl();
    try (RoutingDataSource dataSource =
            RoutingDataSource.of(
                Map.of("database.url", url, "pools.listener", NotedEvents.class.getName()));
        UnitOfWork work = dataSource.begin(TenantId.ONLY);
        Connection connection = dataSource.getConnection()) {
      assertThat(connection.isValid(1)).isTrue();
    }
    // The end of a data source waits for its listener.
    assertThat(NotedEvents.URLS).contains(url);
  }

  @Test
  void theTableInTheDocument_isComplete() throws IOException {
    String document = Files.readString(Path.of("..", "docs", "configuration.md"));
    String begin = "<!-- settings -->";
    String table = document.substring(document.indexOf(begin), document.indexOf("<!-- /settings"));
    assertThat(
            table
                .lines()
                .filter(line -> line.startsWith("| `"))
                .map(line -> line.substring(3, line.indexOf('`', 3))))
        .containsExactlyInAnyOrderElementsOf(DataSourceSettings.KEYS);
  }
}
