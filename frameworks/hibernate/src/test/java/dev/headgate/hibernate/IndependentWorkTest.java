package dev.headgate.hibernate;

import static dev.headgate.hibernate.Notebooks.ACME;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.datasource.UnitOfWork;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.hibernate.SessionFactory;
import org.hibernate.boot.registry.StandardServiceRegistryBuilder;
import org.hibernate.cfg.Configuration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What Hibernate does beside a session's transaction is not rolled back with the unit. */
class IndependentWorkTest {

  @ParameterizedTest
  @ValueSource(strings = {"H2", "PostgreSQL", "MariaDB"})
  void aRangeOfIdsOutOfATable_isNotGivenTwice_afterARollback(String database) throws Exception {
    try (Notebooks notebooks = Notebooks.on(database)) {
      for (String sql :
          new String[] {
            "DROP TABLE IF EXISTS Counter",
            "DROP TABLE IF EXISTS ids",
            "CREATE TABLE Counter (id BIGINT PRIMARY KEY)",
            "CREATE TABLE ids (sequence_name VARCHAR(99) PRIMARY KEY, next_val BIGINT)"
          }) {
        notebooks.behindTheCache(ACME, sql);
      }
      Map<String, Object> settings = new HashMap<>();
      HibernateSettings.of(notebooks.dataSource)
          .bootstrap(notebooks.dataSource.forTenant(Notebooks.BOOTSTRAP))
          .applyTo(settings);
      try (SessionFactory sessions =
          new Configuration()
              .addAnnotatedClass(Counter.class)
              .buildSessionFactory(
                  new StandardServiceRegistryBuilder().applySettings(settings).build())) {
        Set<Long> ids = new HashSet<>();
        for (int i = 0; i < 20; i++) {
          try (UnitOfWork unit = notebooks.dataSource.begin(ACME)) {
            Counter counter = Counter.create();
            sessions.inTransaction(session -> session.persist(counter));
            assertThat(ids.add(counter.id)).as("id %d is new", counter.id).isTrue();
            if (i % 3 > 0) {
              unit.commit();
            }
          }
        }
        assertThat(notebooks.leases()).isZero();
      }
    }
  }
}
