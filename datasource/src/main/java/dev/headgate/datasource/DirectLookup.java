package dev.headgate.datasource;

import dev.headgate.datasource.pool.Database;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Asks a directory in memory each time. */
record DirectLookup(InMemoryDirectory directory) implements Lookup {

  @Override
  public Database find(TenantId tenant) {
    Optional<Database> found;
    try {
      found = directory.find(tenant);
    } catch (RuntimeException e) {
      throw new TenantDirectoryException(tenant, e);
    }
    return found.orElseThrow(() -> new UnknownTenantException(tenant));
  }

  @Override
  public Database findAnew(TenantId tenant) {
    return find(tenant);
  }

  @Override
  public @Nullable Database known(TenantId tenant) {
    try {
      return find(tenant);
    } catch (UnknownTenantException e) {
      return null;
    }
  }

  @Override
  public void forget(TenantId tenant) {}
}
