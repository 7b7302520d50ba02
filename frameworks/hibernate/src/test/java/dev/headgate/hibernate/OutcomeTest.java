package dev.headgate.hibernate;

import static dev.headgate.hibernate.Notebooks.ACME;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headgate.datasource.UnitOfWork;
import jakarta.transaction.Status;
import jakarta.transaction.Synchronization;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.hibernate.Interceptor;
import org.hibernate.Session;
import org.hibernate.SessionFactory;
import org.hibernate.StatelessSession;
import org.hibernate.Transaction;
import org.hibernate.engine.spi.SessionImplementor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** Caches and callbacks of Hibernate's transactions follow the outcome of the unit of work. */
@ParameterizedClass
@ValueSource(strings = {"H2", "PostgreSQL", "MariaDB"})
class OutcomeTest {

  private static final String ALL = "select text from Note order by text";

  private final String database;
  private final List<String> heard = new ArrayList<>();
  private Notebooks notebooks;
  private SessionFactory sessions;

  OutcomeTest(String database) {
    this.database = database;
  }

  @BeforeEach
  void start() throws SQLException {
    notebooks = Notebooks.on(database);
    notebooks.behindTheCache(ACME, "INSERT INTO note VALUES (-1, 'old')");
    sessions = notebooks.sessions();
  }

  @AfterEach
  void stop() {
    assertThat(notebooks.leases()).isZero();
    sessions.close();
    notebooks.close();
  }

  private UnitOfWork begin() throws SQLException {
    return notebooks.dataSource.begin(ACME);
  }

  private Synchronization listener(String name) {
    return new Synchronization() {
      @Override
      public void beforeCompletion() {
        heard.add(name + " before");
      }

      @Override
      public void afterCompletion(int status) {
        heard.add(
            name
                + switch (status) {
                  case Status.STATUS_COMMITTED -> " committed";
                  case Status.STATUS_ROLLEDBACK -> " rolled back";
                  default -> " unknown";
                });
      }
    };
  }

  /** Registers each kind of callback that Hibernate has. */
  private void listen(Session session, String name) {
    session.getTransaction().registerSynchronization(listener(name));
    ((SessionImplementor) session)
        .getTransactionCompletionCallbacks()
        .registerCallback(
            (boolean success, org.hibernate.engine.spi.SharedSessionContractImplementor s) ->
                heard.add(name + (success ? " success" : " failure")));
  }

  private Long persist(String text) {
    return sessions.fromTransaction(
        session -> {
          Note note = new Note(text);
          session.persist(note);
          listen(session, text);
          return note.id;
        });
  }

  private void change(Long id, String text) {
    sessions.inTransaction(session -> session.find(Note.class, id).text = text);
  }

  /** Returns what a later unit reads of a note, perhaps from the cache. */
  private String read(Long id) throws SQLException {
    return notebooks.dataSource.call(
        ACME,
        unit ->
            sessions.fromTransaction(
                session -> {
                  Note note = session.find(Note.class, id);
                  return note == null ? "nothing" : note.text;
                }));
  }

  private List<String> query(Session session) {
    return session.createQuery(ALL, String.class).setCacheable(true).list();
  }

  private List<String> queryLater() throws SQLException {
    return notebooks.dataSource.call(ACME, unit -> sessions.fromTransaction(this::query));
  }

  private boolean isCached(Long id) throws SQLException {
    return notebooks.dataSource.call(
        ACME,
        unit -> {
          long hits = sessions.getStatistics().getSecondLevelCacheHitCount();
          sessions.inTransaction(session -> session.find(Note.class, id));
          return sessions.getStatistics().getSecondLevelCacheHitCount() > hits;
        });
  }

  @Test
  void committed_whatFollowsIsDoneAfterTheUnit() throws SQLException {
    Long id;
    try (UnitOfWork unit = begin()) {
      id = persist("new");
      assertThat(heard).containsExactly("new before");
      assertThat(sessions.getStatistics().getSecondLevelCachePutCount()).isZero();
      unit.commit();
    }
    assertThat(heard).containsExactly("new before", "new committed", "new success");
    assertThat(sessions.getStatistics().getSecondLevelCachePutCount()).isEqualTo(1);
    assertThat(isCached(id)).isTrue();
  }

  @Test
  void rolledBack_nothingIsCached_andListenersHearIt() throws SQLException {
    Long id;
    try (UnitOfWork unit = begin()) {
      id = persist("new");
      assertThat(unit.outcome()).isEmpty();
    }
    assertThat(heard).containsExactly("new before", "new rolled back", "new failure");
    assertThat(read(id)).isEqualTo("nothing");
    assertThat(queryLater()).containsExactly("old");
  }

  @Test
  void changed_andRolledBack_othersReadTheOldOne_whichIsCachedAgain() throws SQLException {
    assertThat(read(-1L)).isEqualTo("old");
    assertThat(isCached(-1L)).isTrue();
    try (UnitOfWork unit = begin()) {
      change(-1L, "new");
      unit.setRollbackOnly();
    }
    assertThat(read(-1L)).isEqualTo("old");
    assertThat(isCached(-1L)).as("the lock was given back").isTrue();
  }

  @Test
  void changed_andCommitted_theNewOneIsCached() throws SQLException {
    assertThat(read(-1L)).isEqualTo("old");
    try (UnitOfWork unit = begin()) {
      change(-1L, "new");
      unit.commit();
    }
    assertThat(isCached(-1L)).isTrue();
    assertThat(read(-1L)).isEqualTo("new");
  }

  @Test
  void untilTheOutcome_othersReadWhatIsStored() throws Exception {
    assertThat(read(-1L)).isEqualTo("old");
    assertThat(queryLater()).containsExactly("old");
    try (UnitOfWork unit = begin()) {
      change(-1L, "new");
      // Other sessions of the unit see it, and must not show it to others.
      assertThat(sessions.<String>fromTransaction(session -> session.find(Note.class, -1L).text))
          .isEqualTo("new");
      assertThat(sessions.<List<String>>fromTransaction(this::query)).containsExactly("new");
      Thread other =
          new Thread(
              () -> {
                try {
                  heard.add(read(-1L));
                  heard.addAll(queryLater());
                } catch (SQLException e) {
                  heard.add(e.toString());
                }
              });
      other.start();
      other.join();
      assertThat(heard).containsExactly("old", "old");
      unit.commit();
    }
    assertThat(read(-1L)).isEqualTo("new");
    assertThat(queryLater()).containsExactly("new");
  }

  @Test
  void readByAnotherSessionOfTheUnit_isNotCached() throws SQLException {
    Long id;
    try (UnitOfWork unit = begin()) {
      id = persist("new");
      assertThat(sessions.<String>fromTransaction(session -> session.find(Note.class, id).text))
          .isEqualTo("new");
      unit.setRollbackOnly();
    }
    assertThat(read(id)).isEqualTo("nothing");
  }

  @Test
  void flushedAndNotCommitted_isNotCachedByAnotherSession() throws SQLException {
    try (UnitOfWork unit = begin();
        Session one = sessions.openSession()) {
      Transaction transaction = one.beginTransaction();
      Note note = new Note("new");
      one.persist(note);
      one.flush();
      sessions.inTransaction(session -> session.find(Note.class, note.id));
      transaction.rollback();
      unit.commit();
      assertThat(heard).isEmpty();
      assertThat(sessions.getStatistics().getSecondLevelCachePutCount()).isZero();
    }
  }

  @Test
  void hibernatesOwnRollback_endsThatAlone_andAtOnce() throws SQLException {
    try (UnitOfWork unit = begin();
        Session session = sessions.openSession()) {
      session.beginTransaction();
      listen(session, "first");
      session.persist(new Note("first"));
      session.getTransaction().commit();
      session.beginTransaction();
      listen(session, "second");
      session.persist(new Note("second"));
      session.find(Note.class, -1L).text = "second";
      session.flush();
      session.getTransaction().rollback();
      assertThat(heard).containsExactly("first before", "second rolled back", "second failure");
      unit.commit();
    }
    assertThat(heard).endsWith("first committed", "first success").hasSize(5);
    assertThat(notebooks.stored(ACME)).containsExactly("first", "old");
    assertThat(queryLater()).containsExactly("first", "old");
    assertThat(read(-1L)).isEqualTo("old");
    assertThat(isCached(-1L)).isTrue();
  }

  @Test
  void twoTransactionsOfASession_eachHearTheOutcome() throws SQLException {
    try (UnitOfWork unit = begin();
        Session session = sessions.openSession()) {
      for (String text : List.of("first", "second")) {
        session.beginTransaction();
        listen(session, text);
        session.persist(new Note(text));
        session.getTransaction().commit();
      }
      unit.commit();
      assertThat(heard).containsExactly("first before", "second before");
    }
    assertThat(heard.subList(2, 6))
        .containsExactly("first committed", "first success", "second committed", "second success");
    assertThat(queryLater()).containsExactly("first", "old", "second");
  }

  @Test
  void committedInTheMiddle_thatStays_andTheRestIsRolledBack() throws SQLException {
    Long first;
    Long second;
    try (UnitOfWork unit = begin()) {
      first = persist("first");
      notebooks.dataSource.current().commit();
      second = persist("second");
      assertThat(unit.outcome()).isPresent();
    }
    assertThat(heard)
        .contains("first committed", "first success", "second rolled back", "second failure");
    assertThat(read(first)).isEqualTo("first");
    assertThat(read(second)).isEqualTo("nothing");
  }

  @Test
  void aJoinedUnitThatIsUndone_takesItsTransactionsAlong() throws SQLException {
    Long outer;
    Long inner;
    try (UnitOfWork unit = begin()) {
      outer = persist("outer");
      try (UnitOfWork joined = begin()) {
        inner = persist("inner");
        assertThat(joined.outcome()).isEmpty();
      }
      unit.commit();
    }
    assertThat(heard).contains("outer committed", "inner rolled back", "inner failure");
    assertThat(read(outer)).isEqualTo("outer");
    assertThat(read(inner)).isEqualTo("nothing");
  }

  @Test
  void aSessionThatOutlivesTheUnit_forgetsWhatWasRolledBack() throws SQLException {
    Session session;
    Note note = new Note("new");
    try (UnitOfWork unit = begin()) {
      session = sessions.openSession();
      session.beginTransaction();
      session.persist(note);
      session.getTransaction().commit();
      unit.setRollbackOnly();
    }
    try (UnitOfWork unit = begin();
        session) {
      assertThat(session.find(Note.class, note.id)).isNull();
      unit.commit();
    }
  }

  @Test
  void aTransactionThatIsLeftOpen_isUndone_andGivesItsLocksBack() throws SQLException {
    assertThat(read(-1L)).isEqualTo("old");
    Session session;
    try (UnitOfWork unit = begin()) {
      session = sessions.openSession();
      session.beginTransaction();
      listen(session, "left");
      session.find(Note.class, -1L).text = "new";
      session.flush();
      unit.finish();
    }
    session.close();
    assertThat(heard).contains("left failure").doesNotContain("left success");
    assertThat(read(-1L)).isEqualTo("old");
    assertThat(isCached(-1L)).isTrue();
  }

  @Test
  void aFailedFlush_isRolledBackAtOnce() throws SQLException {
    try (UnitOfWork unit = begin()) {
      assertThatThrownBy(
              () ->
                  sessions.inTransaction(
                      session -> {
                        session.persist(new Note("x".repeat(200)));
                        listen(session, "long");
                      }))
          .isInstanceOf(RuntimeException.class);
      assertThat(heard).contains("long failure").doesNotContain("long success");
      Long id = persist("new");
      unit.commit();
      assertThat(id).isPositive();
    }
    assertThat(queryLater()).containsExactly("new", "old");
  }

  @Test
  void bulkChanges_areSeenByCachesAfterTheOutcome() throws SQLException {
    assertThat(read(-1L)).isEqualTo("old");
    assertThat(queryLater()).containsExactly("old");
    try (UnitOfWork unit = begin()) {
      sessions.inTransaction(
          session -> session.createMutationQuery("update Note set text = 'bulk'").executeUpdate());
      unit.commit();
    }
    assertThat(read(-1L)).isEqualTo("bulk");
    assertThat(queryLater()).containsExactly("bulk");
    try (UnitOfWork unit = begin()) {
      sessions.inTransaction(
          session ->
              session.createMutationQuery("update Note set text = 'undone'").executeUpdate());
      assertThat(sessions.<String>fromTransaction(session -> session.find(Note.class, -1L).text))
          .isEqualTo("undone");
      unit.setRollbackOnly();
    }
    assertThat(read(-1L)).isEqualTo("bulk");
    assertThat(queryLater()).containsExactly("bulk");
  }

  @Test
  void statelessSessions_giveLocksBack_andCacheNothingOfARollback() throws SQLException {
    assertThat(read(-1L)).isEqualTo("old");
    try (UnitOfWork unit = begin();
        StatelessSession session = sessions.openStatelessSession()) {
      Note note = session.get(Note.class, -1L);
      session.beginTransaction();
      note.text = "first";
      session.update(note);
      session.getTransaction().commit();
      unit.commit();
      session.beginTransaction();
      note.text = "second";
      session.update(note);
      session.getTransaction().commit();
    }
    assertThat(read(-1L)).isEqualTo("first");
    assertThat(isCached(-1L)).isTrue();
  }

  @Test
  void interceptorsAndStatistics_followTheOutcome() throws SQLException {
    Interceptor interceptor =
        new Interceptor() {
          @Override
          public void afterTransactionCompletion(Transaction transaction) {
            heard.add("intercepted");
          }
        };
    for (boolean commit : new boolean[] {true, false}) {
      sessions.getStatistics().clear();
      heard.clear();
      try (UnitOfWork unit = begin()) {
        try (Session session = sessions.withOptions().interceptor(interceptor).openSession()) {
          session.beginTransaction();
          session.persist(new Note("new"));
          session.getTransaction().commit();
        }
        assertThat(heard).isEmpty();
        if (commit) {
          unit.commit();
        }
      }
      assertThat(heard).containsExactly("intercepted");
      assertThat(sessions.getStatistics().getTransactionCount()).isEqualTo(1);
      assertThat(sessions.getStatistics().getSuccessfulTransactionCount())
          .isEqualTo(commit ? 1 : 0);
    }
  }

  @Test
  void aTimeLimit_isThatOfItsTransactionAlone() throws SQLException {
    try (UnitOfWork unit = begin();
        Session session = sessions.openSession()) {
      session.getTransaction().setTimeout(100);
      session.beginTransaction();
      session.persist(new Note("new"));
      var jdbc = ((SessionImplementor) session).getJdbcCoordinator();
      assertThat(jdbc.determineRemainingTransactionTimeOutPeriod()).isPositive();
      session.getTransaction().commit();
      assertThat(jdbc.determineRemainingTransactionTimeOutPeriod()).isNegative();
      assertThat(jdbc.getLogicalConnection().isPhysicallyConnected()).isFalse();
      unit.commit();
    }
  }

  @Test
  void aHandedOverUnit_isHeardOfOnTheThreadThatEndsIt() throws Exception {
    Long[] id = new Long[1];
    try (UnitOfWork unit = begin()) {
      Runnable task = () -> id[0] = persist("by another thread");
      Thread other = new Thread(unit.handOver(task));
      other.start();
      other.join();
      assertThat(heard).containsExactly("by another thread before");
      unit.commit();
    }
    assertThat(heard).contains("by another thread committed");
    assertThat(read(id[0])).isEqualTo("by another thread");
  }
}
