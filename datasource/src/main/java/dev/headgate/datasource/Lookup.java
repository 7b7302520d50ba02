package dev.headgate.datasource;

import dev.headgate.datasource.pool.Database;

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
}
