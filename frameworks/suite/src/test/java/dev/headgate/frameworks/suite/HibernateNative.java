package dev.headgate.frameworks.suite;

import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.hibernate.Session;
import org.hibernate.SessionFactory;
import org.hibernate.cfg.Configuration;
import org.hibernate.dialect.Dialect;

/** Hibernate's own API, with transactions by {@code inTransaction(…)}. */
final class HibernateNative implements Framework {

  private final SessionFactory sessions;

  HibernateNative(DataSource dataSource, Class<? extends Dialect> dialect) {
    sessions = factory(dataSource, dialect);
  }

  static SessionFactory factory(DataSource dataSource, Class<? extends Dialect> dialect) {
    Configuration configuration = new Configuration().addAnnotatedClass(Note.class);
    configuration.getProperties().put("hibernate.connection.datasource", dataSource);
    configuration.getProperties().put("hibernate.boot.allow_jdbc_metadata_access", false);
    configuration.getProperties().put("hibernate.dialect", dialect);
    return configuration.buildSessionFactory();
  }

  @Override
  public void add(String body) {
    // snippet
    sessions.inTransaction(session -> session.persist(new Note(body)));
    // end of snippet
  }

  @Override
  public List<String> bodies() {
    return sessions.fromTransaction(
        session ->
            session.createSelectionQuery("select body from Note order by id", String.class).list());
  }

  @Override
  public void addAndRollBack(String body) {
    try (Session session = sessions.openSession()) {
      session.beginTransaction();
      session.persist(new Note(body));
      session.flush();
      session.getTransaction().rollback();
    }
  }

  @Override
  public void leaveOpen(String body) {
    Session session = sessions.openSession();
    session.beginTransaction();
    session.persist(new Note(body));
    session.flush();
  }

  @Override
  public void changeAll() {
    sessions.inStatelessTransaction(
        session -> {
          List<Note> notes = session.createSelectionQuery("from Note", Note.class).list();
          notes.forEach(Note::change);
          session.updateMultiple(notes);
        });
  }

  @Override
  public void stream(Consumer<String> each) {
    sessions.inStatelessTransaction(
        session -> {
          try (Stream<String> bodies =
              session
                  .createSelectionQuery("select body from Note order by id", String.class)
                  .setFetchSize(FETCH_SIZE)
                  .getResultStream()) {
            bodies.forEach(each);
          }
        });
  }

  @Override
  public long number(String sql) {
    return sessions.fromTransaction(
        session ->
            ((Number) session.createNativeQuery(sql, Object.class).getSingleResult()).longValue());
  }

  @Override
  public void close() {
    sessions.close();
  }
}
