package dev.headgate.hibernate;

import static dev.headgate.hibernate.Notebooks.ACME;
import static dev.headgate.hibernate.Notebooks.GLOBEX;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headgate.datasource.TenantId;
import dev.headgate.datasource.UnitOfWork;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.hibernate.Session;
import org.hibernate.SessionFactory;
import org.hibernate.exception.ConstraintViolationException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** What happens behind a routing data source without this module, and with it. */
@ParameterizedClass
@ValueSource(strings = {"H2", "PostgreSQL", "MariaDB"})
class TrapsTest {

  private final String database;
  private Notebooks notebooks;

  TrapsTest(String database) {
    this.database = database;
  }

  @BeforeEach
  void start() throws SQLException {
    notebooks = Notebooks.on(database);
  }

  @AfterEach
  void stop() {
    notebooks.close();
  }

  /** Hibernate as it is, with the routing data source for its own. */
  private SessionFactory plain() {
    Map<String, Object> settings = new HashMap<>();
    settings.put("hibernate.connection.datasource", notebooks.dataSource);
    settings.put("hibernate.boot.allow_jdbc_metadata_access", false);
    settings.put("hibernate.dialect", "org.hibernate.dialect.%sDialect".formatted(database));
    return Notebooks.sessions(settings);
  }

  private <T> T in(SessionFactory sessions, TenantId tenant, Function<Session, T> work)
      throws SQLException {
    return notebooks.dataSource.call(tenant, unit -> sessions.fromTransaction(work));
  }

  private static Long persist(Session session, String text) {
    Note note = new Note(text);
    session.persist(note);
    return note.id;
  }

  /** Returns the text of globex's note 1, after acme's was read. */
  private String otherTenantsNote(SessionFactory sessions) throws SQLException {
    notebooks.behindTheCache(ACME, "INSERT INTO note VALUES (1, 'of acme')");
    notebooks.behindTheCache(GLOBEX, "INSERT INTO note VALUES (1, 'of globex')");
    in(sessions, ACME, session -> session.find(Note.class, 1L).text);
    return in(sessions, GLOBEX, session -> session.find(Note.class, 1L).text);
  }

  @Test
  void trap_theCacheGivesAnotherTenantsRow() throws SQLException {
    try (SessionFactory sessions = plain()) {
      assertThat(otherTenantsNote(sessions)).isEqualTo("of acme");
    }
  }

  @Test
  void theCache_keepsTenantsApart() throws SQLException {
    try (SessionFactory sessions = notebooks.sessions()) {
      assertThat(otherTenantsNote(sessions)).isEqualTo("of globex");
      assertThat(sessions.getStatistics().getSecondLevelCachePutCount()).isEqualTo(2);
    }
  }

  /** Two applications on the same databases write notes. */
  private void writeByTwoApplications(SessionFactory one, SessionFactory other)
      throws SQLException {
    for (String text : List.of("1", "2", "3")) {
      in(one, ACME, session -> persist(session, text));
    }
    in(one, GLOBEX, session -> persist(session, "out of acme's range?"));
    for (String text : List.of("1", "2", "3", "4")) {
      in(other, GLOBEX, session -> persist(session, text));
    }
  }

  @Test
  void trap_idsComeOutOfAnotherTenantsRange() throws SQLException {
    try (SessionFactory one = plain();
        SessionFactory other = plain()) {
      assertThatThrownBy(() -> writeByTwoApplications(one, other))
          .isInstanceOf(ConstraintViolationException.class);
    }
  }

  @Test
  void ids_comeOutOfTheTenantsOwnRange() throws SQLException {
    try (SessionFactory one = notebooks.sessions();
        SessionFactory other = notebooks.sessions()) {
      writeByTwoApplications(one, other);
      assertThat(notebooks.stored(ACME)).hasSize(3);
      assertThat(notebooks.stored(GLOBEX)).hasSize(5);
    }
  }

  /** Returns what others read of a note that was written in a unit that was rolled back. */
  private String afterRollback(SessionFactory sessions) throws SQLException {
    Long id;
    try (UnitOfWork unit = notebooks.dataSource.begin(ACME)) {
      id = sessions.fromTransaction(session -> persist(session, "rolled back"));
      unit.setRollbackOnly();
    }
    assertThat(notebooks.stored(ACME)).isEmpty();
    return in(
        sessions,
        ACME,
        session -> {
          Note note = session.find(Note.class, id);
          return note == null ? "nothing" : note.text;
        });
  }

  @Test
  void trap_theCacheHasWhatWasRolledBack() throws SQLException {
    try (SessionFactory sessions = plain()) {
      assertThat(afterRollback(sessions)).isEqualTo("rolled back");
    }
  }

  @Test
  void theCache_hasNothingOfWhatWasRolledBack() throws SQLException {
    try (SessionFactory sessions = notebooks.sessions()) {
      assertThat(afterRollback(sessions)).isEqualTo("nothing");
    }
  }
}
