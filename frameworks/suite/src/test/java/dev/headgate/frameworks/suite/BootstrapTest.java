package dev.headgate.frameworks.suite;

import static dev.headgate.frameworks.suite.Notebook.ACME;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.headgate.datasource.NoUnitOfWorkException;
import dev.headgate.datasource.RoutingDataSource;
import dev.headgate.datasource.TenantDirectory;
import dev.headgate.datasource.TenantId;
import dev.headgate.datasource.Transactions;
import dev.headgate.datasource.pool.Database;
import jakarta.persistence.EntityManagerFactory;
import jakarta.persistence.PersistenceConfiguration;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.eclipse.persistence.jpa.PersistenceProvider;
import org.hibernate.SessionFactory;
import org.hibernate.jpa.HibernatePersistenceConfiguration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;

/** Frameworks start where there is no tenant, and get none. */
@ExtendWith(Notebooks.class)
class BootstrapTest {

  private static final TenantId BOOTSTRAP = TenantId.of("bootstrap");

  private final RoutingDataSource dataSource =
      RoutingDataSource.builder(
              TenantDirectory.of(Map.of("acme", inMemory(), "bootstrap", inMemory())))
          .build();

  private static Database inMemory() {
    return Database.of("jdbc:h2:mem:%s;MODE=LEGACY;DB_CLOSE_DELAY=-1".formatted(UUID.randomUUID()));
  }

  @AfterEach
  void close() {
    dataSource.close();
  }

  @TestFactory
  Stream<DynamicNode> itsStart_needsNoTenant_andItsUseDoes() {
    return Cases.of(
        Promise.BOOTSTRAP,
        Transactions.UNIT,
        (notebook, place, kind) -> {
          try (RoutingDataSource fresh =
              RoutingDataSource.builder(
                      TenantDirectory.of(
                          Map.of(ACME.value(), notebook.dbms.database(ACME.value()))))
                  .build()) {
            try (Framework framework = kind.start(fresh, notebook.dbms);
                Stage stage = place.open(fresh)) {
              assertThat(fresh.snapshot().pools()).isEmpty();
              assertThat(catchThrowable(() -> framework.add("nowhere")))
                  .hasStackTraceContaining(NoUnitOfWorkException.class.getName())
                  .hasStackTraceContaining("there is no unit of work here, and so no tenant");
              assertThat(fresh.snapshot().pools()).isEmpty();
              stage.play(ACME, () -> framework.add("of acme"));
              assertThat(notebook.stored(ACME)).containsExactly("of acme");
            }
          }
        });
  }

  @Test
  void hibernate_withoutItsSettings_doesNotStart() {
    String said;
    try (CapturedLog log = new CapturedLog()) {
      assertThatThrownBy(
              () ->
                  new HibernatePersistenceConfiguration("notes")
                      .managedClass(Note.class)
                      .property("jakarta.persistence.nonJtaDataSource", dataSource)
                      .createEntityManagerFactory())
          .hasStackTraceContaining("Dialect");
      said = log.text();
    }
    assertThat(said).contains("there is no unit of work here, and so no tenant");
    assertThat(dataSource.snapshot().pools()).isEmpty();
  }

  @Test
  void hibernate_inAUnitOfTheBootstrapTenant_asksItsDatabase() throws Exception {
    // snippet
    SessionFactory sessions =
        dataSource.call(
            BOOTSTRAP,
            work ->
                new HibernatePersistenceConfiguration("notes")
                    .managedClass(Note.class)
                    .property("jakarta.persistence.nonJtaDataSource", dataSource)
                    .createEntityManagerFactory());
    // end of snippet
    try (sessions) {
      createTable(ACME);
      dataSource.call(
          ACME,
          work -> {
            sessions.inTransaction(session -> session.persist(new Note("of acme")));
            return null;
          });
    }
    assertThat(stored(ACME)).isEqualTo(1);
  }

  @Test
  void hibernatesSchemaTool_worksOnATenantThatIsNamed() throws Exception {
    TenantId tenant = ACME;
    // snippet
    new HibernatePersistenceConfiguration("schema")
        .managedClass(Note.class)
        .property("jakarta.persistence.nonJtaDataSource", dataSource.forTenant(tenant))
        .property("jakarta.persistence.schema-generation.database.action", "create")
        .createEntityManagerFactory()
        .close();
    // end of snippet
    assertThat(stored(ACME)).isZero();
    assertThatThrownBy(() -> stored(BOOTSTRAP)).hasMessageContaining("not found");
  }

  @Test
  void hibernatesSchemaTool_withoutATenant_failsTheStart() {
    assertThatThrownBy(
            () ->
                new HibernatePersistenceConfiguration("notes")
                    .managedClass(Note.class)
                    .property("jakarta.persistence.nonJtaDataSource", dataSource)
                    .property("hibernate.boot.allow_jdbc_metadata_access", false)
                    .property("hibernate.dialect", Dbms.H2.hibernate.getName())
                    .property("jakarta.persistence.schema-generation.database.action", "create")
                    .createEntityManagerFactory())
        .hasStackTraceContaining("there is no unit of work here, and so no tenant");
    assertThat(dataSource.snapshot().pools()).isEmpty();
  }

  @Test
  void eclipseLinksSchemaTool_worksOnATenantThatIsNamed() throws Exception {
    TenantId tenant = ACME;
    // snippet
    PersistenceConfiguration schema =
        new PersistenceConfiguration("schema")
            .managedClass(Note.class)
            .property("jakarta.persistence.nonJtaDataSource", dataSource.forTenant(tenant))
            .property("jakarta.persistence.schema-generation.database.action", "create");
    try (EntityManagerFactory once = new PersistenceProvider().createEntityManagerFactory(schema)) {
      once.createEntityManager().close();
    }
    // end of snippet
    assertThat(stored(ACME)).isZero();
    assertThatThrownBy(() -> stored(BOOTSTRAP)).hasMessageContaining("not found");
  }

  private void createTable(TenantId tenant) throws Exception {
    try (var connection = dataSource.forTenant(tenant).getConnection();
        var statement = connection.createStatement()) {
      for (String sql : Dbms.H2.schema()) {
        statement.execute(sql);
      }
    }
  }

  private long stored(TenantId tenant) throws Exception {
    return new PlainJdbc(dataSource.forTenant(tenant)).number("SELECT count(*) FROM note");
  }
}
