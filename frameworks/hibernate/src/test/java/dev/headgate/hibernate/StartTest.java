package dev.headgate.hibernate;

import static dev.headgate.hibernate.Notebooks.ACME;
import static dev.headgate.hibernate.Notebooks.BOOTSTRAP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import org.hibernate.SessionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** At its start, Hibernate works on the bootstrap database, or on none. */
class StartTest {

  private Notebooks notebooks;

  @BeforeEach
  void start() throws SQLException {
    notebooks = Notebooks.on("H2");
  }

  @AfterEach
  void stop() {
    notebooks.close();
  }

  @Test
  void withABootstrapDatabase_theDialectIsFound_andNoTenantIsAsked() {
    try (SessionFactory sessions = notebooks.sessions()) {
      assertThat(sessions.isOpen()).isTrue();
      assertThat(notebooks.dataSource.snapshot().pools())
          .filteredOn(pool -> pool.toString().contains("bootstrap"))
          .isNotEmpty();
    }
  }

  @Test
  void schemaTools_workInTheBootstrapDatabase() throws SQLException {
    notebooks.behindTheCache(ACME, "INSERT INTO note VALUES (1, 'kept')");
    Map<String, Object> settings = new HashMap<>(Map.of("hibernate.hbm2ddl.auto", "create"));
    HibernateSettings.of(notebooks.dataSource)
        .bootstrap(notebooks.dataSource.forTenant(BOOTSTRAP))
        .applyTo(settings);
    try (SessionFactory sessions = Notebooks.sessions(settings)) {
      assertThat(sessions.isOpen()).isTrue();
      assertThat(notebooks.stored(BOOTSTRAP)).isEmpty();
      assertThat(notebooks.stored(ACME)).containsExactly("kept");
    }
  }

  @Test
  void withoutABootstrapDatabase_noneIsAsked_andSessionsWork() throws SQLException {
    Map<String, Object> settings =
        new HashMap<>(Map.of("hibernate.dialect", "org.hibernate.dialect.H2Dialect"));
    HibernateSettings.of(notebooks.dataSource).applyTo(settings);
    try (SessionFactory sessions = Notebooks.sessions(settings)) {
      notebooks.dataSource.call(
          ACME,
          unit -> {
            sessions.inTransaction(session -> session.persist(new Note("new")));
            return null;
          });
    }
    assertThat(notebooks.stored(ACME)).containsExactly("new");
  }

  @Test
  void withoutABootstrapDatabase_schemaToolsAreRefused() {
    Map<String, Object> settings =
        new HashMap<>(
            Map.of(
                "hibernate.dialect",
                "org.hibernate.dialect.H2Dialect",
                "hibernate.hbm2ddl.auto",
                "create"));
    HibernateSettings.of(notebooks.dataSource).applyTo(settings);
    assertThatThrownBy(() -> Notebooks.sessions(settings))
        .hasStackTraceContaining("HibernateSettings.bootstrap(…)");
  }
}
