package dev.headgate.datasource;

import static dev.headgate.datasource.Tenants.ACME;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.hibernate.SessionFactory;
import org.hibernate.boot.registry.StandardServiceRegistryBuilder;
import org.hibernate.cfg.Configuration;
import org.jdbi.v3.core.Jdbi;
import org.jooq.SQLDialect;
import org.jooq.impl.DSL;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/** A few frameworks together in one unit of work, each used as its documentation says. */
class FrameworksTest {

  @Entity(name = "Note")
  @Table(name = "note")
  static class Note {
    @Id String text;

    protected Note() {}

    Note(String text) {
      this.text = text;
    }
  }

  private static Tenants tenants(String database) throws SQLException {
    return database.equals("H2") ? Tenants.onH2() : Tenants.onPostgres();
  }

  private static SQLDialect dialect(String database) {
    return database.equals("H2") ? SQLDialect.H2 : SQLDialect.POSTGRES;
  }

  private static SessionFactory hibernate(Tenants tenants, String database) {
    Configuration configuration = new Configuration().addAnnotatedClass(Note.class);
    return configuration.buildSessionFactory(
        new StandardServiceRegistryBuilder()
            .applySetting("hibernate.connection.datasource", tenants.dataSource)
            .applySetting("hibernate.boot.allow_jdbc_metadata_access", "false")
            .applySetting("hibernate.dialect", "org.hibernate.dialect." + database + "Dialect")
            .build());
  }

  @ParameterizedTest
  @ValueSource(strings = {"H2", "PostgreSQL"})
  void springsOuterRollback_takesAnInnerJooqTransactionAlong(String database) throws SQLException {
    try (Tenants tenants = tenants(database)) {
      RoutingDataSource dataSource = tenants.dataSource;
      JdbcTemplate template = new JdbcTemplate(dataSource);
      TransactionTemplate spring =
          new TransactionTemplate(new DataSourceTransactionManager(dataSource));
      try (UnitOfWork work = dataSource.begin(ACME)) {
        template.update("INSERT INTO note VALUES ('before')");
        spring.execute(
            status -> {
              template.update("INSERT INTO note VALUES ('outer')");
              DSL.using(dataSource, dialect(database))
                  .transaction(inner -> inner.dsl().execute("INSERT INTO note VALUES ('inner')"));
              status.setRollbackOnly();
              return null;
            });
        template.update("INSERT INTO note VALUES ('after')");
        work.commit();
      }
      assertThat(tenants.stored(ACME)).containsExactly("after", "before");
      assertThat(tenants.leases()).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"H2", "PostgreSQL"})
  void allOfThem_shareOneConnection_andOneOutcome(String database) throws SQLException {
    try (Tenants tenants = tenants(database);
        SessionFactory sessions = hibernate(tenants, database)) {
      writeWithAllOfThem(tenants, sessions, dialect(database), false);
      assertThat(tenants.stored(ACME)).isEmpty();
      writeWithAllOfThem(tenants, sessions, dialect(database), true);
      assertThat(tenants.stored(ACME))
          .containsExactly("hibernate", "jdbc", "jdbi", "jooq", "spring", "template");
      assertThat(tenants.leases()).isZero();
    }
  }

  private static void writeWithAllOfThem(
      Tenants tenants, SessionFactory sessions, SQLDialect dialect, boolean commit)
      throws SQLException {
    RoutingDataSource dataSource = tenants.dataSource;
    JdbcTemplate template = new JdbcTemplate(dataSource);
    TransactionTemplate spring =
        new TransactionTemplate(new DataSourceTransactionManager(dataSource));
    Jdbi jdbi = Jdbi.create(dataSource);
    try (UnitOfWork work = dataSource.begin(ACME)) {
      try (Connection handle = dataSource.getConnection()) {
        Tenants.insert(handle, "jdbc");
      }
      template.update("INSERT INTO note VALUES ('template')");
      sessions.inTransaction(session -> session.persist(new Note("hibernate")));
      jdbi.useTransaction(handle -> handle.execute("INSERT INTO note VALUES ('jdbi')"));
      DSL.using(dataSource, dialect)
          .transaction(inner -> inner.dsl().execute("INSERT INTO note VALUES ('jooq')"));
      spring.execute(status -> template.update("INSERT INTO note VALUES ('spring')"));
      assertThat(sessions.fromSession(FrameworksTest::texts))
          .containsExactly("hibernate", "jdbc", "jdbi", "jooq", "spring", "template");
      assertThat(work.outcome()).isEmpty();
      if (commit) {
        work.commit();
      }
    }
  }

  private static List<String> texts(org.hibernate.Session session) {
    return session.createQuery("select text from Note order by text", String.class).list();
  }

  @ParameterizedTest
  @ValueSource(strings = {"H2", "PostgreSQL"})
  void eachOnesOwnRollback_undoesThatAlone(String database) throws SQLException {
    try (Tenants tenants = tenants(database);
        SessionFactory sessions = hibernate(tenants, database)) {
      RoutingDataSource dataSource = tenants.dataSource;
      JdbcTemplate template = new JdbcTemplate(dataSource);
      TransactionTemplate nested =
          new TransactionTemplate(new DataSourceTransactionManager(dataSource));
      nested.setPropagationBehavior(TransactionDefinition.PROPAGATION_NESTED);
      RuntimeException failure = new IllegalStateException("on purpose");
      try (UnitOfWork work = dataSource.begin(ACME)) {
        template.update("INSERT INTO note VALUES ('kept')");
        assertThatThrownBy(
                () ->
                    sessions.inTransaction(
                        session -> {
                          session.persist(new Note("undone 1"));
                          session.flush();
                          throw failure;
                        }))
            .isSameAs(failure);
        assertThatThrownBy(
                () ->
                    Jdbi.create(dataSource)
                        .useTransaction(
                            handle -> {
                              handle.execute("INSERT INTO note VALUES ('undone 2')");
                              throw failure;
                            }))
            .isSameAs(failure);
        assertThatThrownBy(
                () ->
                    DSL.using(dataSource, dialect(database))
                        .transaction(
                            inner -> {
                              inner.dsl().execute("INSERT INTO note VALUES ('undone 3')");
                              throw failure;
                            }))
            .isSameAs(failure);
        assertThatThrownBy(
                () ->
                    nested.execute(
                        outer -> {
                          template.update("INSERT INTO note VALUES ('undone 4')");
                          return nested.execute(
                              inner -> {
                                template.update("INSERT INTO note VALUES ('kept')");
                                return null;
                              });
                        }))
            .isInstanceOf(org.springframework.dao.DuplicateKeyException.class);
        template.update("INSERT INTO note VALUES ('last')");
        work.commit();
      }
      assertThat(tenants.stored(ACME)).containsExactly("kept", "last");
    }
  }
}
