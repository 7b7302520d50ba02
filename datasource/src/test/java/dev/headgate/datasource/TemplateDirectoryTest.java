package dev.headgate.datasource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headgate.datasource.pool.Database;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TemplateDirectoryTest {

  @Test
  void theNameOfTheTenant_isPutIn() throws Exception {
    TenantDirectory directory =
        TenantDirectory.template(
            "jdbc:postgresql://{tenant}.example.com/{tenant}",
            database -> database.user("app").password("secret"));
    assertThat(directory.find(TenantId.of("Acme")))
        .contains(
            Database.builder("jdbc:postgresql://acme.example.com/acme")
                .user("app")
                .password("secret")
                .build());
  }

  @Test
  void theNameOfTheTenant_isPutInTheSchema_andTheUrlNeedNoneThen() throws Exception {
    TenantDirectory directory =
        TenantDirectory.template(
            "jdbc:postgresql://db.example.com/app",
            database -> database.user("app").schema("tenant_{tenant}"));
    assertThat(directory.find(TenantId.of("Acme")))
        .contains(
            Database.builder("jdbc:postgresql://db.example.com/app")
                .user("app")
                .schema("tenant_acme")
                .build());
  }

  @Test
  void theNameOfTheTenant_isPutInTheCatalog() throws Exception {
    TenantDirectory directory =
        TenantDirectory.template(
            "jdbc:mariadb://db.example.com/", database -> database.catalog("{tenant}"));
    assertThat(directory.find(TenantId.of("acme")))
        .contains(Database.of("jdbc:mariadb://db.example.com/").withCatalog("acme"));
  }

  @Test
  void aNameWithWhichTheSchemaWouldBeTooLong_isNoTenants() throws Exception {
    TenantDirectory directory =
        TenantDirectory.template(
            "jdbc:postgresql://db.example.com/app", database -> database.schema("t_{tenant}"));
    assertThat(directory.find(TenantId.of("a".repeat(61)))).isPresent();
    assertThat(directory.find(TenantId.of("a".repeat(62)))).isEmpty();
  }

  @Test
  void aPlaceThatNobodyFills_isRefused() {
    Database database = Database.of("jdbc:h2:mem:a").withSchema("{tenant}");
    assertThatThrownBy(() -> TenantDirectory.of(Map.of("acme", database)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("has {tenant} in it");
    assertThatThrownBy(
            () -> RoutingDataSource.builder(Database.of("jdbc:h2:mem:b")).bind("x", database))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("has {tenant} in it");
  }

  @Test
  void aTemplateWithoutAPlace_isRefused_withoutRepeatingIt() {
    assertThatThrownBy(() -> TenantDirectory.template("jdbc:h2:mem:a;KEY=canary"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("has no {tenant}")
        .hasMessageNotContaining("canary");
  }

  @Test
  void whatIsNoUrl_isRefusedAtOnce() {
    assertThatThrownBy(() -> TenantDirectory.template("{tenant}"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("not a JDBC URL");
  }

  @Test
  void whatElseFails_isFoundAtOnce() {
    assertThatThrownBy(
            () ->
                TenantDirectory.template(
                    "jdbc:h2:mem:{tenant}", database -> database.property("user", "a")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("the driver property user");
  }
}
