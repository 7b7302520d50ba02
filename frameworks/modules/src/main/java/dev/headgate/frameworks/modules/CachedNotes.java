package dev.headgate.frameworks.modules;

import dev.headgate.datasource.RoutingDataSource;
import dev.headgate.datasource.TenantId;
import dev.headgate.datasource.UnitOfWork;
import dev.headgate.hibernate.HibernateSettings;
import java.sql.SQLException;
import org.hibernate.SessionFactory;
import org.hibernate.cfg.Configuration;

/** Notes by Hibernate, with a second-level cache, which is found by ServiceLoader alone. */
final class CachedNotes {

  private CachedNotes() {}

  /** Stores a note, and another one in a unit that is rolled back; returns how many are cached. */
  static long store(RoutingDataSource dataSource, TenantId tenant) throws SQLException {
    var configuration = new Configuration().addAnnotatedClass(Note.class);
    HibernateSettings.of(dataSource)
        .bootstrap(dataSource.forTenant(tenant))
        .applyTo(configuration.getProperties());
    configuration.setProperty("hibernate.cache.region.factory_class", "jcache");
    configuration.setProperty("hibernate.javax.cache.missing_cache_strategy", "create");
    configuration.setProperty("hibernate.generate_statistics", "true");
    try (SessionFactory sessions = configuration.buildSessionFactory()) {
      for (boolean commit : new boolean[] {true, false}) {
        try (UnitOfWork work = dataSource.begin(tenant)) {
          var note = new Note(commit ? "by Hibernate" : "rolled back");
          sessions.inTransaction(session -> session.persist(note));
          if (commit) {
            work.commit();
          }
        }
      }
      return sessions.getStatistics().getSecondLevelCachePutCount();
    }
  }
}
