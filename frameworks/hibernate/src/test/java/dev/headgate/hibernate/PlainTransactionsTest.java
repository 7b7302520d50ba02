package dev.headgate.hibernate;

import static dev.headgate.hibernate.Notebooks.ACME;
import static dev.headgate.hibernate.Notebooks.GLOBEX;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headgate.datasource.Transactions;
import dev.headgate.datasource.UnitOfWork;
import java.sql.SQLException;
import org.hibernate.SessionFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** With transactions = none, Hibernate's transactions are its own, and the tenant is the unit's. */
class PlainTransactionsTest {

  @ParameterizedTest
  @ValueSource(strings = {"H2", "PostgreSQL", "MariaDB"})
  void hibernatesCommit_isTheOutcome(String database) throws SQLException {
    try (Notebooks notebooks = Notebooks.on(database, Transactions.NONE);
        SessionFactory sessions = notebooks.sessions()) {
      Note note = new Note("committed");
      assertThatThrownBy(
              () ->
                  notebooks.dataSource.call(
                      ACME,
                      unit -> {
                        sessions.inTransaction(session -> session.persist(note));
                        assertThat(notebooks.stored(ACME)).containsExactly("committed");
                        throw new IllegalStateException("on purpose");
                      }))
          .hasMessage("on purpose");
      assertThat(notebooks.stored(ACME)).containsExactly("committed");
      assertThat(sessions.getStatistics().getSecondLevelCachePutCount()).isEqualTo(1);
      try (UnitOfWork unit = notebooks.dataSource.begin(GLOBEX)) {
        assertThat(
                sessions.<Boolean>fromTransaction(
                    session -> session.find(Note.class, note.id) == null))
            .isTrue();
        unit.commit();
      }
      assertThatThrownBy(sessions::openSession).hasMessageContaining("no unit of work");
      assertThat(notebooks.leases()).isZero();
    }
  }
}
