package dev.headgate.hibernate;

import dev.headgate.datasource.RoutingDataSource;
import dev.headgate.datasource.Transactions;
import java.util.Map;
import java.util.Objects;
import javax.sql.DataSource;
import org.hibernate.cfg.JdbcSettings;
import org.hibernate.cfg.MultiTenancySettings;
import org.hibernate.cfg.TransactionSettings;
import org.hibernate.resource.transaction.backend.jdbc.internal.JdbcResourceLocalTransactionCoordinatorBuilderImpl;
import org.jspecify.annotations.Nullable;

/**
 * What Hibernate has to be told to work behind a routing data source: each session belongs to the
 * tenant of the current unit of work, caches and id generators keep the tenants apart, and caches
 * and callbacks of transactions follow the outcome of the unit.
 *
 * <pre>{@code
 * Map<String, Object> settings = new HashMap<>();
 * HibernateSettings.of(dataSource).bootstrap(bootstrap).applyTo(settings);
 * EntityManagerFactory factory = Persistence.createEntityManagerFactory("notes", settings);
 * }</pre>
 *
 * <p>Immutable.
 */
public final class HibernateSettings {

  private final RoutingDataSource dataSource;
  private final DataSource target;
  private final TenantNames names;
  private final @Nullable DataSource bootstrap;

  private HibernateSettings(
      RoutingDataSource dataSource,
      DataSource target,
      TenantNames names,
      @Nullable DataSource bootstrap) {
    this.dataSource = dataSource;
    this.target = target;
    this.names = names;
    this.bootstrap = bootstrap;
  }

  /** Returns the settings for entities in the tenants' own databases. */
  public static HibernateSettings of(RoutingDataSource dataSource) {
    return new HibernateSettings(
        dataSource, dataSource, new TenantNames(dataSource, null), /* bootstrap= */ null);
  }

  /**
   * Returns the settings for entities in a bind that has a database for each tenant.
   *
   * @throws IllegalArgumentException if there is no such bind
   */
  public static HibernateSettings ofBind(RoutingDataSource dataSource, String bind) {
    return new HibernateSettings(
        dataSource,
        dataSource.bind(bind),
        new TenantNames(dataSource, null),
        /* bootstrap= */ null);
  }

  /**
   * Returns the settings for entities in a bind with one database for all tenants, which then share
   * what is cached of it.
   *
   * @throws IllegalArgumentException if there is no such bind
   */
  public static HibernateSettings ofSharedBind(RoutingDataSource dataSource, String bind) {
    return new HibernateSettings(
        dataSource,
        dataSource.bind(bind),
        new TenantNames(dataSource, bind),
        /* bootstrap= */ null);
  }

  /**
   * Returns these settings with the data source for what Hibernate does where there is no tenant:
   * at its start it asks for the dialect, and its schema tools work there. Without one, Hibernate
   * asks no database and needs the setting {@code hibernate.dialect}.
   *
   * @param bootstrap such as {@link RoutingDataSource#forTenant} of a tenant by name
   */
  public HibernateSettings bootstrap(DataSource bootstrap) {
    return new HibernateSettings(
        dataSource, target, names, Objects.requireNonNull(bootstrap, "bootstrap"));
  }

  /**
   * Puts these settings to those of the application, such as the properties of a {@code
   * Configuration} or a persistence unit.
   *
   * @throws IllegalStateException if a setting contradicts them, with its key
   */
  public void applyTo(Map<? super String, Object> settings) {
    put(settings, MultiTenancySettings.MULTI_TENANT_IDENTIFIER_RESOLVER, names);
    put(
        settings,
        MultiTenancySettings.MULTI_TENANT_CONNECTION_PROVIDER,
        new UnitConnectionProvider(names, target, bootstrap));
    put(
        settings,
        TransactionSettings.TRANSACTION_COORDINATOR_STRATEGY,
        dataSource.transactions() == Transactions.NONE
            ? JdbcResourceLocalTransactionCoordinatorBuilderImpl.INSTANCE
            : new UnitCoordinatorBuilder(dataSource, target, names));
    if (bootstrap == null) {
      settings.putIfAbsent(JdbcSettings.ALLOW_METADATA_ON_BOOT, false);
    }
  }

  private static void put(Map<? super String, Object> settings, String key, Object value) {
    Object before = settings.putIfAbsent(key, value);
    if (before != null) {
      throw new IllegalStateException(
          "%s is already %s: Headgate has to set it".formatted(key, before));
    }
  }
}
