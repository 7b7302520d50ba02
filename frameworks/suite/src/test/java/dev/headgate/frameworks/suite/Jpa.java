package dev.headgate.frameworks.suite;

import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import jakarta.persistence.PersistenceConfiguration;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.eclipse.persistence.jpa.PersistenceProvider;
import org.eclipse.persistence.queries.CursoredStream;
import org.hibernate.jpa.HibernatePersistenceConfiguration;

/** The Persistence API, of whichever provider, with transactions of its own. */
final class Jpa implements Framework {

  private final EntityManagerFactory entities;
  private final BiConsumer<EntityManager, Consumer<String>> stream;

  private Jpa(EntityManagerFactory entities, BiConsumer<EntityManager, Consumer<String>> stream) {
    this.entities = entities;
    this.stream = stream;
  }

  static Jpa hibernate(DataSource dataSource, Dbms dbms) {
    return new Jpa(hibernate(dataSource, dbms.hibernate.getName()), Jpa::streamByHibernate);
  }

  static EntityManagerFactory hibernate(DataSource dataSource, String dialect) {
    // snippet
    EntityManagerFactory entities =
        new HibernatePersistenceConfiguration("notes")
            .managedClass(Note.class)
            .property("jakarta.persistence.nonJtaDataSource", dataSource)
            .property("hibernate.boot.allow_jdbc_metadata_access", false)
            .property("hibernate.dialect", dialect)
            .createEntityManagerFactory();
    // end of snippet
    return entities;
  }

  static Jpa eclipseLink(DataSource dataSource, Dbms dbms) {
    return ofEclipseLink(eclipseLink(dataSource, dbms.eclipseLink.getName()));
  }

  static Jpa ofEclipseLink(EntityManagerFactory entities) {
    return new Jpa(entities, Jpa::streamByEclipseLink);
  }

  static EntityManagerFactory eclipseLink(DataSource dataSource, String platform) {
    // snippet
    PersistenceConfiguration unit =
        new PersistenceConfiguration("notes")
            .managedClass(Note.class)
            .property("jakarta.persistence.nonJtaDataSource", dataSource)
            .property("eclipselink.target-database", platform)
            .property("eclipselink.cache.shared.default", "false");
    EntityManagerFactory entities = new PersistenceProvider().createEntityManagerFactory(unit);
    // end of snippet
    return entities;
  }

  @Override
  public void add(String body) {
    // snippet
    entities.runInTransaction(entityManager -> entityManager.persist(new Note(body)));
    // end of snippet
  }

  @Override
  public List<String> bodies() {
    return entities.callInTransaction(
        entityManager ->
            entityManager
                .createQuery("select n.body from Note n order by n.id", String.class)
                .getResultList());
  }

  @Override
  public void addAndRollBack(String body) {
    try (EntityManager entityManager = entities.createEntityManager()) {
      entityManager.getTransaction().begin();
      entityManager.persist(new Note(body));
      entityManager.flush();
      entityManager.getTransaction().rollback();
    }
  }

  @Override
  public void leaveOpen(String body) {
    EntityManager entityManager = entities.createEntityManager();
    entityManager.getTransaction().begin();
    entityManager.persist(new Note(body));
    entityManager.flush();
  }

  @Override
  public void changeAll() {
    entities.runInTransaction(Jpa::changeAll);
  }

  static void changeAll(EntityManager entityManager) {
    entityManager
        .createQuery("select n from Note n", Note.class)
        .getResultList()
        .forEach(Note::change);
  }

  @Override
  public void stream(Consumer<String> each) {
    entities.runInTransaction(entityManager -> stream.accept(entityManager, each));
  }

  static void streamByHibernate(EntityManager entityManager, Consumer<String> each) {
    try (Stream<String> bodies =
        entityManager
            .createQuery("select n.body from Note n order by n.id", String.class)
            .setHint("org.hibernate.fetchSize", FETCH_SIZE)
            .getResultStream()) {
      bodies.forEach(each);
    }
  }

  /** Its {@code getResultStream()} is that of a list. */
  private static void streamByEclipseLink(EntityManager entityManager, Consumer<String> each) {
    CursoredStream notes =
        (CursoredStream)
            entityManager
                .createQuery("select n from Note n order by n.id")
                .setHint("eclipselink.cursor", true)
                .setHint("eclipselink.cursor.initial-size", FETCH_SIZE)
                .setHint("eclipselink.jdbc.fetch-size", FETCH_SIZE)
                .getSingleResult();
    try {
      while (notes.hasNext()) {
        each.accept(((Note) notes.next()).body());
      }
    } finally {
      notes.close();
    }
  }

  @Override
  public long number(String sql) {
    return entities.callInTransaction(
        entityManager ->
            ((Number) single(entityManager.createNativeQuery(sql).getSingleResult())).longValue());
  }

  private static Object single(Object row) {
    return row instanceof Object[] columns ? columns[0] : row;
  }

  @Override
  public void close() {
    entities.close();
  }
}
