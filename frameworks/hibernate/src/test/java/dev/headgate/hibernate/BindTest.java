package dev.headgate.hibernate;

import static dev.headgate.hibernate.Notebooks.ACME;
import static dev.headgate.hibernate.Notebooks.GLOBEX;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.datasource.TenantId;
import dev.headgate.datasource.UnitOfWork;
import java.sql.SQLException;
import org.hibernate.SessionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Entities in a bind: in the same unit of work, with one outcome. */
class BindTest {

  private static final TenantId USERS = TenantId.of("users");

  private Notebooks notebooks;

  @BeforeEach
  void start() throws SQLException {
    notebooks = Notebooks.on("H2");
  }

  @AfterEach
  void stop() {
    assertThat(notebooks.leases()).isZero();
    notebooks.close();
  }

  private String read(TenantId tenant, SessionFactory sessions) throws SQLException {
    return notebooks.dataSource.call(
        tenant,
        unit ->
            sessions.fromTransaction(
                session -> {
                  Note note = session.find(Note.class, 1L);
                  return note == null ? "nothing" : note.text;
                }));
  }

  @Test
  void twoFactories_haveOneOutcome() throws SQLException {
    try (SessionFactory notes = notebooks.sessions();
        SessionFactory archive =
            notebooks.sessions(HibernateSettings.ofBind(notebooks.dataSource, "archive"))) {
      for (boolean commit : new boolean[] {true, false}) {
        try (UnitOfWork unit = notebooks.dataSource.begin(ACME)) {
          notes.inTransaction(session -> session.persist(new Note("of acme")));
          archive.inTransaction(session -> session.persist(new Note("archived")));
          if (commit) {
            unit.commit();
          }
        }
        assertThat(notebooks.stored(ACME)).containsExactly("of acme");
        assertThat(notebooks.stored(TenantId.of("archive-of-acme"))).containsExactly("archived");
        assertThat(archive.getStatistics().getSecondLevelCachePutCount()).isEqualTo(1);
      }
    }
  }

  @Test
  void aDatabaseForEachTenant_isCachedForEach() throws SQLException {
    for (String tenant : new String[] {"acme", "globex"}) {
      notebooks.behindTheCache(
          TenantId.of("archive-of-" + tenant),
          "INSERT INTO note VALUES (1, '%s')".formatted(tenant));
    }
    try (SessionFactory archive =
        notebooks.sessions(HibernateSettings.ofBind(notebooks.dataSource, "archive"))) {
      assertThat(read(ACME, archive)).isEqualTo("acme");
      assertThat(read(GLOBEX, archive)).isEqualTo("globex");
    }
  }

  @Test
  void aDatabaseForAllTenants_isCachedOnce_andSeesEachOnesChanges() throws SQLException {
    notebooks.behindTheCache(USERS, "INSERT INTO note VALUES (1, 'ann')");
    try (SessionFactory users =
        notebooks.sessions(HibernateSettings.ofSharedBind(notebooks.dataSource, "users"))) {
      assertThat(read(ACME, users)).isEqualTo("ann");
      assertThat(read(GLOBEX, users)).isEqualTo("ann");
      assertThat(users.getStatistics().getSecondLevelCachePutCount()).isEqualTo(1);
      try (UnitOfWork unit = notebooks.dataSource.begin(ACME)) {
        users.inTransaction(session -> session.find(Note.class, 1L).text = "bob");
        unit.commit();
      }
      assertThat(read(GLOBEX, users)).isEqualTo("bob");
    }
  }
}
