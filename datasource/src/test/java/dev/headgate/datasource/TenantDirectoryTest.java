package dev.headgate.datasource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headgate.datasource.pool.Database;
import dev.headgate.datasource.pool.PoolSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TenantDirectoryTest {

  @TempDir Path folder;

  private TenantDirectory properties(String... lines) throws Exception {
    return TenantDirectory.properties(Files.writeString(file(), String.join("\n", lines)));
  }

  private Path file() {
    return folder.resolve("tenants.properties");
  }

  @Test
  void aMap_isCopied_andItsKeysAreTenants() throws Exception {
    Database database = Database.of("jdbc:h2:mem:acme");
    TenantDirectory directory = TenantDirectory.of(Map.of("Acme", database));
    assertThat(directory.find(TenantId.of("acme"))).contains(database);
    assertThat(directory.find(TenantId.of("globex"))).isEmpty();
  }

  @Test
  void aMapWithAMalformedTenant_isRefused() {
    assertThatThrownBy(() -> TenantDirectory.of(Map.of("a.b", Database.of("jdbc:h2:mem:acme"))))
        .isInstanceOf(InvalidTenantIdException.class);
  }

  @Test
  void aPlaceForTheTenant_thatNobodyFills_isRefused() {
    Database shared = Database.of("jdbc:h2:mem:{tenant}");
    assertThatThrownBy(() -> TenantDirectory.of(Map.of("acme", shared)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("which only a template replaces");
    assertThatThrownBy(() -> RoutingDataSource.builder(shared))
        .hasMessageContaining("which only a template replaces");
    RoutingDataSource.Builder builder = RoutingDataSource.builder(Database.of("jdbc:h2:mem:a"));
    assertThatThrownBy(() -> builder.bind("audit", shared))
        .hasMessageContaining("which only a template replaces");
    assertThatThrownBy(() -> properties("acme.url = jdbc:h2:mem:{tenant}"))
        .hasMessageContaining("which only a template replaces");
  }

  @Test
  void twoSpellingsOfOneTenant_areRefused() {
    Database database = Database.of("jdbc:h2:mem:acme");
    assertThatThrownBy(() -> TenantDirectory.of(Map.of("Acme", database, "acme", database)))
        .hasMessageContaining("\"acme\" is there twice");
  }

  @Test
  void oneAddressWithTwoPoolSettings_isRefused() {
    Database one = Database.of("jdbc:h2:mem:shared");
    Database other =
        Database.builder("jdbc:h2:mem:shared")
            .pool(PoolSettings.defaults().withMaximumSize(3))
            .build();
    assertThatThrownBy(() -> TenantDirectory.of(Map.of("acme", one, "globex", other)))
        .hasMessageContaining("acme")
        .hasMessageContaining("globex")
        .hasMessageContaining("different pool settings");
  }

  @Test
  void aPropertiesFile_describesDatabases() throws Exception {
    TenantDirectory directory =
        properties(
            "# two tenants",
            "acme.url = jdbc:postgresql://db/acme",
            "acme.user = app",
            "acme.password = canary",
            "acme.property.sslmode = require",
            "acme.pool.maximum-size = 5",
            "acme.pool.borrow-timeout = PT1S",
            "globex.url = jdbc:h2:mem:globex");
    Database acme = directory.find(TenantId.of("acme")).orElseThrow();
    assertThat(acme)
        .isEqualTo(
            Database.builder("jdbc:postgresql://db/acme")
                .user("app")
                .password("canary")
                .property("sslmode", "require")
                .pool(
                    PoolSettings.defaults()
                        .withMaximumSize(5)
                        .withBorrowTimeout(Duration.ofSeconds(1)))
                .build());
    assertThat(directory.find(TenantId.of("globex"))).contains(Database.of("jdbc:h2:mem:globex"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "acme.user = app                       | acme.url: is missing",
        "acme.url = jdbc:h2:mem:a;acme.x = 1   | acme.x: is unknown",
        "acme = jdbc:h2:mem:a                  | acme: a key is TENANT.url",
        "acme.url = h2:mem:a                   | acme.url: not a JDBC URL",
        "ac_me.url = jdbc:h2:mem:a             | ac_me: a tenant identifier consists of",
        "acme.url = jdbc:h2:a;acme.url = b     | acme.url is there twice",
        "acme.url = jdbc:h2:a;acme.pool.size=3 | acme.pool.*: there is no pool setting size",
        "acme.url = jdbc:h2:a;acme.pool.maximum-size=x | maximum-size x: not a whole number",
        "acme.url = jdbc:h2:a;acme.pool.idle-timeout=9 | idle-timeout 9: not a duration",
        "acme.url = jdbc:h2:a;acme.pool.idle-timeout=PT1S | idle timeout PT1S: it has to be",
        "acme.url = jdbc:h2:a;acme.property.user=x | acme.property.user: the driver property",
      })
  void aMistakeInAPropertiesFile_isNamedWithItsFile(String lines, String message) {
    assertThatThrownBy(() -> properties(lines.split(";")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("tenants.properties: ")
        .hasMessageContaining(message);
  }

  @Test
  void aPasswordIsNotRepeated_whenItIsThereTwice() {
    assertThatThrownBy(() -> properties("acme.password = canary", "acme.password = canary2"))
        .hasMessageContaining("acme.password is there twice")
        .hasMessageNotContaining("canary");
  }
}
