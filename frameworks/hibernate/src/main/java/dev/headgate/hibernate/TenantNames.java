package dev.headgate.hibernate;

import dev.headgate.datasource.RoutingDataSource;
import dev.headgate.datasource.UnitOfWork;
import org.hibernate.HibernateException;
import org.hibernate.context.spi.CurrentTenantIdentifierResolver;
import org.jspecify.annotations.Nullable;

/** Tells Hibernate whose data a session works on: that of the current unit of work. */
final class TenantNames implements CurrentTenantIdentifierResolver<String> {

  private final RoutingDataSource dataSource;

  /** What stands for all tenants, where they share a database; null where each has its own. */
  private final @Nullable String shared;

  TenantNames(RoutingDataSource dataSource, @Nullable String shared) {
    this.dataSource = dataSource;
    this.shared = shared;
  }

  @Override
  public String resolveCurrentTenantIdentifier() {
    return of(current());
  }

  /** A session that is bound to a thread must not go on with the next tenant. */
  @Override
  public boolean validateExistingCurrentSessions() {
    return true;
  }

  /** Throws if a session belongs to another tenant than the current unit of work. */
  void requireCurrent(String session) {
    String current = of(current());
    if (!current.equals(session)) {
      throw new HibernateException(
          ("a session of tenant \"%s\" was used in a unit of work of tenant \"%s\": open one in each"
                  + " unit")
              .formatted(session, current));
    }
  }

  private String of(UnitOfWork unit) {
    return shared != null ? shared : unit.tenant().value();
  }

  private UnitOfWork current() {
    UnitOfWork unit = Current.unit(dataSource);
    if (unit == null) {
      throw new HibernateException(
          "there is no unit of work here, and so no tenant for a session: map the UnitOfWorkFilter"
              + " to this request, in front of the filters that use the database, or use"
              + " RoutingDataSource.begin(tenant) or call(tenant, …)");
    }
    return unit;
  }
}
