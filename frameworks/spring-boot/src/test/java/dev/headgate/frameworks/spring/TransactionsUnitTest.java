package dev.headgate.frameworks.spring;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The same application where the request decides: what differs. */
class TransactionsUnitTest {

  private static Notebook notebook;

  @BeforeAll
  static void start() {
    notebook = Notebook.start("--headgate.datasource.transactions=unit");
  }

  @AfterAll
  static void stop() {
    notebook.close();
  }

  @Test
  void aSuccess_isStored() {
    assertThat(notebook.post("acme", "/notes", "stored").status()).isEqualTo(201);
    assertThat(notebook.get("acme", "/notes").body()).contains("stored");
    assertThat(notebook.get("globex", "/notes").body()).doesNotContain("stored");
  }

  @Test
  void whatSpringHasCommitted_isUndoneIfTheRequestFails() {
    assertThat(notebook.post("acme", "/probe/commit-and-fail", "undone").status()).isEqualTo(500);
    assertThat(notebook.get("acme", "/notes").body()).doesNotContain("undone");
  }

  @Test
  void requiresNew_sharesTheOutcomeOfTheRequest() {
    assertThat(notebook.post("acme", "/notes", "!together").status()).isEqualTo(409);
    assertThat(notebook.get("acme", "/audit").body()).doesNotContain("!together");
  }

  @Test
  void jdbcTemplateOutsideATransaction_storesWithTheRequest() {
    assertThat(notebook.post("globex", "/probe/jdbc", "with it").status()).isEqualTo(200);
    assertThat(notebook.get("globex", "/notes").body()).contains("with it");
  }
}
