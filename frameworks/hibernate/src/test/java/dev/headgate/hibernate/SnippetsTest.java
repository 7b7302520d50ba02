package dev.headgate.hibernate;

import static dev.headgate.hibernate.Notebooks.ACME;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.datasource.RoutingDataSource;
import dev.headgate.datasource.TenantId;
import dev.headgate.datasource.Transactions;
import dev.headgate.datasource.UnitOfWork;
import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import jakarta.persistence.PersistenceConfiguration;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.hibernate.SessionFactory;
import org.hibernate.cfg.Configuration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The code of docs/hibernate.md. */
class SnippetsTest {

  private Notebooks notebooks;
  private RoutingDataSource dataSource;

  private void start(Transactions transactions) throws SQLException {
    notebooks = Notebooks.on("H2", transactions);
    dataSource = notebooks.dataSource;
  }

  @AfterEach
  void stop() {
    assertThat(notebooks.leases()).isZero();
    notebooks.close();
  }

  private static void cacheSettings(Map<? super String, Object> settings) {
    settings.put("hibernate.cache.region.factory_class", "jcache");
    settings.put("hibernate.cache.region_prefix", UUID.randomUUID().toString());
    settings.put("hibernate.javax.cache.missing_cache_strategy", "create");
    settings.put("hibernate.generate_statistics", true);
  }

  private EntityManagerFactory jpa() {
    // snippet
    Map<String, Object> settings = new HashMap<>();
    HibernateSettings.of(dataSource)
        .bootstrap(dataSource.forTenant(TenantId.of("bootstrap")))
        .applyTo(settings);

    PersistenceConfiguration configuration =
        new PersistenceConfiguration("notes").managedClass(Note.class).properties(settings);
    // end of snippet
    Map<String, Object> cache = new HashMap<>();
    cacheSettings(cache);
    return configuration.properties(cache).createEntityManagerFactory();
  }

  @Test
  void jpa_withTheUnitsTransactions() throws SQLException {
    start(Transactions.UNIT);
    List<String> mails = new ArrayList<>();
    TenantId tenant = ACME;
    try (EntityManagerFactory factory = jpa()) {
      // snippet
      dataSource.call(
          tenant,
          work -> {
            factory.runInTransaction(entities -> entities.persist(new Note("first")));
            factory.runInTransaction(entities -> entities.persist(new Note("second")));
            work.onCommitted(() -> mails.add("two notes"));
            return null;
          });
      // end of snippet
      assertThat(mails).containsExactly("two notes");
      assertThat(notebooks.stored(ACME)).containsExactly("first", "second");
      assertThat(puts(factory)).isEqualTo(2);
    }
  }

  @Test
  void jpa_withHibernatesOwnTransactions() throws SQLException {
    start(Transactions.NONE);
    TenantId tenant = ACME;
    try (EntityManagerFactory factory = jpa()) {
      // snippet
      dataSource.call(
          tenant,
          work -> {
            factory.runInTransaction(entities -> entities.persist(new Note("stored now")));
            return null;
          });
      // end of snippet
      assertThat(notebooks.stored(ACME)).containsExactly("stored now");
      assertThat(puts(factory)).isEqualTo(1);
    }
  }

  private static long puts(EntityManagerFactory factory) {
    return factory.unwrap(SessionFactory.class).getStatistics().getSecondLevelCachePutCount();
  }

  /** JPA lets an entity manager be closed while its transaction runs. */
  @Test
  void anEntityManager_thatIsClosedBeforeItsCommit_followsTheOutcome() throws SQLException {
    start(Transactions.UNIT);
    try (EntityManagerFactory factory = jpa()) {
      for (boolean commit : new boolean[] {false, true}) {
        long before = puts(factory);
        try (UnitOfWork unit = dataSource.begin(ACME)) {
          EntityManager entities = factory.createEntityManager();
          var transaction = entities.getTransaction();
          transaction.begin();
          entities.persist(new Note("late"));
          entities.close();
          transaction.commit();
          assertThat(puts(factory)).isEqualTo(before);
          if (commit) {
            unit.commit();
          }
        }
        assertThat(puts(factory)).isEqualTo(commit ? before + 1 : before);
      }
      assertThat(notebooks.stored(ACME)).containsExactly("late");
    }
  }

  @Test
  void natively() throws SQLException {
    start(Transactions.UNIT);
    // snippet
    Configuration configuration = new Configuration().addAnnotatedClass(Note.class);
    HibernateSettings.of(dataSource)
        .bootstrap(dataSource.forTenant(TenantId.of("bootstrap")))
        .applyTo(configuration.getProperties());
    // end of snippet
    cacheSettings(configuration.getProperties());
    try (SessionFactory sessions = configuration.buildSessionFactory()) {
      dataSource.call(
          ACME,
          work -> {
            sessions.inTransaction(session -> session.persist(new Note("native")));
            return null;
          });
      assertThat(notebooks.stored(ACME)).containsExactly("native");
      assertThat(sessions.getStatistics().getSecondLevelCachePutCount()).isEqualTo(1);
    }
  }

  @Test
  void binds() throws SQLException {
    start(Transactions.UNIT);
    // snippet
    HibernateSettings archive = HibernateSettings.ofBind(dataSource, "archive");
    HibernateSettings users = HibernateSettings.ofSharedBind(dataSource, "users");
    // end of snippet
    try (SessionFactory first = notebooks.sessions(archive);
        SessionFactory second = notebooks.sessions(users)) {
      assertThat(first).isNotSameAs(second);
    }
  }
}
