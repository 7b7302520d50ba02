package dev.headgate.datasource;

import dev.headgate.datasource.pool.Database;
import org.jspecify.annotations.Nullable;

/** Finds the databases of tenants by asking a directory. */
interface Lookup {

  /**
   * Returns the database of a tenant.
   *
   * @throws UnknownTenantException if the directory knows no such tenant
   * @throws TenantDirectoryException if the directory fails
   */
  Database find(TenantId tenant);

  /** As {@link #find}, but asks the directory even if its answer is remembered. */
  Database findAnew(TenantId tenant);

  /** Returns what is known without asking; null if nothing is, or there is no such tenant. */
  @Nullable Database known(TenantId tenant);

  /** Forgets what is remembered of a tenant. */
  void forget(TenantId tenant);
}
