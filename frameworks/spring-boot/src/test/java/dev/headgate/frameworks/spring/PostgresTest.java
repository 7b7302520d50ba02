package dev.headgate.frameworks.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.core.env.MapPropertySource;

/** The same application, its tenants on PostgreSQL. */
class PostgresTest {

  @TempDir static Path folder;

  private static EmbeddedPostgres server;
  private static Notebook notebook;

  @BeforeAll
  static void start() throws IOException, SQLException {
    server = EmbeddedPostgres.start();
    StringBuilder directory = new StringBuilder();
    try (Connection connection = server.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement()) {
      for (String tenant : List.of("template", "acme", "globex")) {
        statement.execute("CREATE DATABASE notes_" + tenant);
        directory.append(
            """
            %1$s.url = jdbc:postgresql://localhost:%2$d/notes_%1$s
            %1$s.user = postgres
            """
                .formatted(tenant, server.getPort()));
      }
    }
    Path tenants = Files.writeString(folder.resolve("tenants.properties"), directory);
    notebook =
        Notebook.start(
            NotebookApplication.class,
            context ->
                context
                    .getEnvironment()
                    .getPropertySources()
                    .addFirst(
                        new MapPropertySource(
                            "postgres",
                            Map.of(
                                "headgate.datasource.directory",
                                tenants.toString(),
                                "notebook.tenants",
                                "template, acme, globex"))));
  }

  @AfterAll
  static void stop() throws IOException {
    if (notebook != null) {
      notebook.close();
    }
    server.close();
  }

  @Test
  void eachTenant_hasItsOwnNotes() {
    assertThat(notebook.post("acme", "/notes", "of acme").status()).isEqualTo(201);
    assertThat(notebook.get("acme", "/notes").body()).contains("of acme");
    assertThat(notebook.get("globex", "/notes").body()).isEqualTo("[]");
  }

  @Test
  void whatIsRolledBack_isGone_andRequiresNewStays() {
    assertThat(notebook.post("acme", "/notes", "!undone").status()).isEqualTo(409);
    assertThat(notebook.get("acme", "/notes").body()).doesNotContain("!undone");
    assertThat(notebook.get("acme", "/audit").body()).contains("!undone");
  }

  @Test
  void theStart_warnsOfNothing() {
    assertThat(notebook.loggedAtStart())
        .noneMatch(line -> line.startsWith("WARN") || line.startsWith("ERROR"));
  }
}
