package dev.headgate.datasource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headgate.datasource.pool.Database;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;
import javax.sql.DataSource;
import org.hibernate.SessionFactory;
import org.hibernate.boot.registry.StandardServiceRegistry;
import org.hibernate.boot.registry.StandardServiceRegistryBuilder;
import org.hibernate.cfg.Configuration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A database for each model, as docs/databases.md shows it. */
class ModelsSnippetTest {

  private static final TenantId ACME = TenantId.of("acme");

  private final String run = UUID.randomUUID().toString();
  private final String usersUrl = url("users");
  private final String archiveUrl = "jdbc:h2:mem:archive-";
  private RoutingDataSource dataSource;
  private Connection notesDatabase;
  private Connection usersDatabase;

  private String url(String name) {
    return "jdbc:h2:mem:%s-%s;DB_CLOSE_DELAY=-1".formatted(name, run);
  }

  @Entity
  @Table(name = "note")
  static class Note {
    @Id String text;

    Note() {}

    Note(String text) {
      this.text = text;
    }
  }

  @Entity
  @Table(name = "app_user")
  static class User {
    @Id String name;

    User() {}

    User(String name) {
      this.name = name;
    }
  }

  @BeforeEach
  void start() throws SQLException {
    notesDatabase = create(url("acme"), "CREATE TABLE note (text VARCHAR(100) PRIMARY KEY)");
    usersDatabase = create(usersUrl, "CREATE TABLE app_user (name VARCHAR(100) PRIMARY KEY)");
    TenantDirectory directory = TenantDirectory.template(url("{tenant}"));
    // snippet
    RoutingDataSource dataSource =
        RoutingDataSource.builder(directory)
            .bind("users", Database.of(usersUrl))
            .bind("archive", tenant -> Database.of(archiveUrl + tenant))
            .build();
    // end of snippet
    this.dataSource = dataSource;
  }

  private static Connection create(String url, String sql) throws SQLException {
    Connection connection = java.sql.DriverManager.getConnection(url);
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
    return connection;
  }

  @AfterEach
  void stop() throws SQLException {
    dataSource.close();
    notesDatabase.close();
    usersDatabase.close();
  }

  private static StandardServiceRegistry registry(DataSource dataSource) {
    return new StandardServiceRegistryBuilder()
        .applySetting("hibernate.connection.datasource", dataSource)
        .applySetting("hibernate.boot.allow_jdbc_metadata_access", false)
        .applySetting("hibernate.dialect", "org.hibernate.dialect.H2Dialect")
        .build();
  }

  private static int count(Connection database, String table) throws SQLException {
    try (Statement statement = database.createStatement();
        var rows = statement.executeQuery("SELECT count(*) FROM " + table)) {
      rows.next();
      return rows.getInt(1);
    }
  }

  @Test
  void eachEntity_isInItsOwnDatabase_withOneOutcome() throws SQLException {
    TenantId tenant = ACME;
    // snippet
    SessionFactory notes =
        new Configuration()
            .addAnnotatedClass(Note.class)
            .setProperty("hibernate.hbm2ddl.auto", "none")
            .buildSessionFactory(registry(dataSource));
    SessionFactory users =
        new Configuration()
            .addAnnotatedClass(User.class)
            .setProperty("hibernate.hbm2ddl.auto", "none")
            .buildSessionFactory(registry(dataSource.bind("users")));

    dataSource.call(
        tenant,
        work -> {
          users.inTransaction(session -> session.persist(new User("ann")));
          notes.inTransaction(session -> session.persist(new Note("of ann")));
          return null;
        });
    // end of snippet
    try (notes;
        users) {
      assertThat(count(notesDatabase, "note")).isEqualTo(1);
      assertThat(count(usersDatabase, "app_user")).isEqualTo(1);
      assertThatThrownBy(
              () ->
                  dataSource.call(
                      tenant,
                      work -> {
                        users.inTransaction(session -> session.persist(new User("bob")));
                        notes.inTransaction(session -> session.persist(new Note("of bob")));
                        throw new IllegalStateException("at the very end");
                      }))
          .hasMessage("at the very end");
      assertThat(count(notesDatabase, "note")).isEqualTo(1);
      assertThat(count(usersDatabase, "app_user")).isEqualTo(1);
    }
  }
}
