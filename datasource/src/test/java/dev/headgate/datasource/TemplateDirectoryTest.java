package dev.headgate.datasource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headgate.datasource.pool.Database;
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
  void aTemplateWithoutAPlace_isRefused_withoutRepeatingIt() {
    assertThatThrownBy(() -> TenantDirectory.template("jdbc:h2:mem:a?password=canary"))
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
