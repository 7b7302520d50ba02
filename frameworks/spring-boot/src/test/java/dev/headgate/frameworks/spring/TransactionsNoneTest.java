package dev.headgate.frameworks.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.headgate.datasource.TenantId;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;

/** The application as docs/spring-boot.md has it, with transactions = none. */
class TransactionsNoneTest {

  private static Notebook notebook;

  @BeforeAll
  static void start() {
    notebook = Notebook.shared();
  }

  @Test
  void eachTenant_hasItsOwnNotes() {
    assertThat(notebook.post("acme", "/notes", "of acme").status()).isEqualTo(201);
    assertThat(notebook.post("globex", "/notes", "of globex").status()).isEqualTo(201);
    assertThat(notebook.get("acme", "/notes").body())
        .contains("of acme")
        .doesNotContain("of globex");
    assertThat(notebook.get("globex", "/notes").body())
        .contains("of globex")
        .doesNotContain("of acme");
  }

  @Test
  void flyway_hasMigratedEachTenant() {
    for (String tenant : List.of("template", "acme", "globex", "initech")) {
      JdbcTemplate jdbc = new JdbcTemplate(notebook.dataSource().forTenant(TenantId.of(tenant)));
      assertThat(
              jdbc.queryForList("SELECT \"script\" FROM \"flyway_schema_history\"", String.class))
          .contains("V1__notes.sql");
    }
  }

  @Test
  void anExceptionInATransactionalMethod_rollsItBack() {
    assertThat(notebook.post("acme", "/notes", "!undone").status()).isEqualTo(409);
    assertThat(notebook.get("acme", "/notes").body()).doesNotContain("!undone");
  }

  @Test
  void requiresNew_isIndependent() {
    assertThat(notebook.post("acme", "/notes", "!audited").status()).isEqualTo(409);
    assertThat(notebook.get("acme", "/audit").body()).contains("!audited");
  }

  @Test
  void whatSpringHasCommitted_isStoredWhateverTheRequestAnswers() {
    assertThat(notebook.post("acme", "/probe/commit-and-fail", "kept").status()).isEqualTo(500);
    assertThat(notebook.get("acme", "/notes").body()).contains("kept");
  }

  @Test
  void jdbcTemplateOutsideATransaction_stores() {
    assertThat(notebook.post("globex", "/probe/jdbc", "at once").status()).isEqualTo(200);
    assertThat(notebook.get("globex", "/notes").body()).contains("at once");
  }

  @Test
  void aConnectionLeftOpen_isClosedAndReported() {
    Logs logs = Logs.listen();
    assertThat(notebook.post("initech", "/probe/leave-open", "").status()).isEqualTo(200);
    assertThat(Pools.active(notebook.dataSource(), "initech")).isZero();
    assertThat(logs.lines())
        .anyMatch(line -> line.startsWith("WARN Connections of tenant initech left open"));
  }

  @Test
  void withoutOpenInView_aQueryHoldsNoConnection() {
    assertThat(notebook.post("acme", "/probe/active", "").body()).isEqualTo("0");
  }

  @Test
  void anAsyncTask_worksForTheTenantOfItsRequest() {
    assertThat(notebook.post("globex", "/notes/later", "later").status()).isEqualTo(202);
    await().until(() -> notebook.get("globex", "/notes").body().contains("later"));
    assertThat(notebook.get("acme", "/notes").body()).doesNotContain("later");
  }

  @Test
  void aResultThatMakesTheRequestAsynchronous_isAnswered() {
    var answer = notebook.post("acme", "/probe/future", "");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo("in time");
  }

  @Test
  void anUnknownTenant_isNotFound() {
    assertThat(notebook.get("nobody", "/notes").status()).isEqualTo(404);
  }

  @Test
  void aRequestWithoutTenant_isBad() {
    assertThat(notebook.get("", "/notes").status()).isEqualTo(400);
  }

  @Test
  void anErrorPage_hasTheTenantOfItsRequest() {
    assertThat(notebook.get("acme", "/nowhere").body()).contains("\"tenant\":\"acme\"");
    assertThat(notebook.get("nobody", "/notes").body()).contains("\"tenant\":\"none\"");
  }
}
