package dev.headgate.frameworks.suite;

import static dev.headgate.frameworks.suite.Notebook.ACME;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.table;

import dev.headgate.datasource.RoutingDataSource;
import dev.headgate.datasource.Transactions;
import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import jakarta.transaction.Synchronization;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.eclipse.persistence.sessions.SessionEvent;
import org.eclipse.persistence.sessions.SessionEventAdapter;
import org.eclipse.persistence.sessions.UnitOfWork;
import org.hibernate.Session;
import org.jdbi.v3.core.Jdbi;
import org.jooq.TransactionListener;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.transaction.event.TransactionalEventListener;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** What frameworks call after a commit, which is a mark in a unit, and not yet its outcome. */
@ExtendWith(Notebooks.class)
class CallbacksTest {

  /** What an application publishes, and hears of after the commit. */
  record NoteAdded(String body) {}

  /** An application's listener. */
  static class Mails {

    private final RoutingDataSource dataSource;
    private final List<String> sent = new ArrayList<>();

    Mails(RoutingDataSource dataSource) {
      this.dataSource = dataSource;
    }

    void send(String body) {
      sent.add(body);
    }

    // snippet
    @TransactionalEventListener
    public void added(NoteAdded event) {
      dataSource.current().onCommitted(() -> send(event.body()));
    }
    // end of snippet
  }

  /** One that tells at once. */
  static class Told {

    private final Consumer<String> told;

    Told(Consumer<String> told) {
      this.told = told;
    }

    @TransactionalEventListener
    public void added(NoteAdded event) {
      told.accept(event.body());
    }
  }

  enum Callback {
    SPRING_SYNCHRONIZATION {
      @Override
      void commit(DataSource dataSource, Runnable told) {
        try (var context = spring(dataSource)) {
          SpringNotes notes = context.getBean(SpringNotes.class);
          notes.around(
              () -> {
                notes.add("a note");
                TransactionSynchronizationManager.registerSynchronization(
                    new TransactionSynchronization() {
                      @Override
                      public void afterCommit() {
                        told.run();
                      }
                    });
              });
        }
      }
    },

    SPRING_EVENT {
      @Override
      void commit(DataSource dataSource, Runnable told) {
        try (var context = spring(dataSource, new Told(body -> told.run()))) {
          SpringNotes notes = context.getBean(SpringNotes.class);
          notes.around(
              () -> {
                notes.add("a note");
                context.publishEvent(new NoteAdded("a note"));
              });
        }
      }
    },

    HIBERNATE {
      @Override
      void commit(DataSource dataSource, Runnable told) {
        try (EntityManagerFactory entities =
            Jpa.hibernate(dataSource, Dbms.H2.hibernate.getName())) {
          entities.runInTransaction(
              entityManager -> {
                entityManager.persist(new Note("a note"));
                entityManager
                    .unwrap(Session.class)
                    .getTransaction()
                    .registerSynchronization(
                        new Synchronization() {
                          @Override
                          public void beforeCompletion() {}

                          @Override
                          public void afterCompletion(int status) {
                            told.run();
                          }
                        });
              });
        }
      }
    },

    ECLIPSELINK {
      @Override
      void commit(DataSource dataSource, Runnable told) {
        try (EntityManagerFactory entities =
                Jpa.eclipseLink(dataSource, Dbms.H2.eclipseLink.getName());
            EntityManager entityManager = entities.createEntityManager()) {
          entityManager.getTransaction().begin();
          entityManager.persist(new Note("a note"));
          entityManager
              .unwrap(UnitOfWork.class)
              .getEventManager()
              .addListener(
                  new SessionEventAdapter() {
                    @Override
                    public void postCommitUnitOfWork(SessionEvent event) {
                      told.run();
                    }
                  });
          entityManager.getTransaction().commit();
        }
      }
    },

    JOOQ {
      @Override
      void commit(DataSource dataSource, Runnable told) {
        Jooq.context(dataSource, Dbms.H2.jooq)
            .configuration()
            .derive(TransactionListener.onCommitEnd(transaction -> told.run()))
            .dsl()
            .transaction(
                inner ->
                    inner
                        .dsl()
                        .insertInto(table("note"), field("body"))
                        .values("a note")
                        .execute());
      }
    },

    JDBI {
      @Override
      void commit(DataSource dataSource, Runnable told) {
        Jdbi.create(dataSource)
            .useTransaction(
                handle ->
                    handle
                        .afterCommit(told)
                        .execute("INSERT INTO note (body) VALUES (?)", "a note"));
      }
    };

    /** Adds a note in a transaction of the framework's, which tells when it has committed. */
    abstract void commit(DataSource dataSource, Runnable told);

    private static AnnotationConfigApplicationContext spring(
        DataSource dataSource, Object... beans) {
      var context = new AnnotationConfigApplicationContext();
      context.registerBean(
          DataSource.class, () -> dataSource, bean -> bean.setDestroyMethodName(""));
      for (Object bean : beans) {
        context.getBeanFactory().registerSingleton(bean.toString(), bean);
      }
      context.register(Spring.Jdbc.class);
      context.refresh();
      return context;
    }
  }

  private final List<String> heard = new ArrayList<>();

  private static Notebook notebook(Transactions transactions) throws Exception {
    Notebook notebook = Notebooks.of(Dbms.H2, transactions);
    notebook.clear();
    return notebook;
  }

  /** Does work in a request that is committed, or rolled back at its very end. */
  private static void play(Notebook notebook, boolean fails, Work work) throws Exception {
    Stage stage = notebook.stage(Place.JETTY);
    if (!fails) {
      stage.play(ACME, work);
      return;
    }
    assertThatThrownBy(
            () ->
                stage.play(
                    ACME,
                    () -> {
                      work.run();
                      throw new OnPurpose();
                    }))
        .isInstanceOf(OnPurpose.class);
  }

  private static List<String> stored(Notebook notebook) {
    try {
      return notebook.stored(ACME);
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  @ParameterizedTest
  @EnumSource
  void theTrap_itIsToldOfWhatIsRolledBack(Callback callback) throws Exception {
    Notebook notebook = notebook(Transactions.UNIT);
    play(
        notebook,
        true,
        () -> callback.commit(notebook.dataSource, () -> heard.add("stored: " + stored(notebook))));
    assertThat(heard).containsExactly("stored: []");
    assertThat(stored(notebook)).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void withOnCommitted_itIsToldOfWhatIsStored(Callback callback) throws Exception {
    Notebook notebook = notebook(Transactions.UNIT);
    RoutingDataSource dataSource = notebook.dataSource;
    Work work =
        () ->
            callback.commit(
                dataSource,
                () ->
                    dataSource
                        .current()
                        .onCommitted(() -> heard.add("stored: " + stored(notebook))));
    play(notebook, true, work);
    assertThat(heard).isEmpty();
    play(notebook, false, work);
    assertThat(heard).containsExactly("stored: [a note]");
  }

  @ParameterizedTest
  @EnumSource
  void withNone_itIsToldOfWhatIsStored(Callback callback) throws Exception {
    Notebook notebook = notebook(Transactions.NONE);
    play(
        notebook,
        true,
        () -> callback.commit(notebook.dataSource, () -> heard.add("stored: " + stored(notebook))));
    assertThat(heard).containsExactly("stored: [a note]");
  }

  @Test
  void aListenerOfEvents_canWaitForTheOutcome() throws Exception {
    Notebook notebook = notebook(Transactions.UNIT);
    Mails mails = new Mails(notebook.dataSource);
    try (var context = Callback.spring(notebook.dataSource, mails)) {
      SpringNotes notes = context.getBean(SpringNotes.class);
      Work work = () -> notes.around(() -> context.publishEvent(new NoteAdded("a note")));
      play(notebook, true, work);
      play(
          notebook,
          false,
          () ->
              assertThatThrownBy(
                      () ->
                          notes.around(
                              () -> {
                                context.publishEvent(new NoteAdded("never kept"));
                                throw new OnPurpose();
                              }))
                  .isInstanceOf(OnPurpose.class));
      assertThat(mails.sent).isEmpty();
      play(notebook, false, work);
    }
    assertThat(mails.sent).containsExactly("a note");
  }
}
