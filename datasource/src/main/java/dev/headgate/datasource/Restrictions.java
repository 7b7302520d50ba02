package dev.headgate.datasource;

import dev.headgate.datasource.pool.Database;
import dev.headgate.datasource.pool.Restriction;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the application has forbidden tenants for now, besides what the directory says. The stricter
 * one holds.
 */
final class Restrictions {

  private static final Logger log = LoggerFactory.getLogger(Restrictions.class);

  /** Immutable, and replaced with the lock held; empty in most applications, most of the time. */
  private volatile Map<TenantId, Restriction> byTenant = Map.of();

  synchronized void restrict(TenantId tenant, Restriction restriction) {
    Map<TenantId, Restriction> next = new HashMap<>(byTenant);
    next.put(tenant, restriction);
    byTenant = Map.copyOf(next);
    log.info("Tenant {} is {}", tenant, restriction);
  }

  synchronized void resume(TenantId tenant) {
    Map<TenantId, Restriction> next = new HashMap<>(byTenant);
    if (next.remove(tenant) != null) {
      byTenant = Map.copyOf(next);
      log.info("Tenant {} is resumed", tenant);
    }
  }

  Map<TenantId, Restriction> all() {
    return byTenant;
  }

  /**
   * Returns a tenant's database, with its restriction.
   *
   * @throws TenantSuspendedException if nothing may begin there
   */
  Database require(TenantId tenant, Database database) throws TenantSuspendedException {
    Database restricted = of(tenant, database);
    Optional<Restriction> restriction = restricted.restriction();
    if (restriction.isPresent() && restriction.get().kind() == Restriction.Kind.SUSPENDED) {
      throw new TenantSuspendedException(tenant, restriction.get().reason());
    }
    return restricted;
  }

  private Database of(TenantId tenant, Database database) {
    Map<TenantId, Restriction> all = byTenant;
    Restriction own = all.isEmpty() ? null : all.get(tenant);
    return own == null ? database : database.restricted(own);
  }
}
