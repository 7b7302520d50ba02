package dev.headgate.datasource;

import dev.headgate.datasource.pool.Database;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Asks a directory in a file each time, and tells which databases it does not have any more. */
final class FileLookup implements Lookup {

  private final PropertiesDirectory directory;
  private final Consumer<Database> moved;

  /** The tenants as they were at the last time. */
  private volatile FixedDirectory tenants;

  /**
   * Makes a lookup.
   *
   * @param moved gets a database that was a tenant's, after it has ceased to be
   */
  FileLookup(PropertiesDirectory directory, Consumer<Database> moved) {
    this.directory = directory;
    this.moved = moved;
    this.tenants = directory.tenants();
  }

  @Override
  public Database find(TenantId tenant) {
    FixedDirectory now = directory.tenants();
    if (now != tenants) {
      follow();
    }
    return now.find(tenant).orElseThrow(() -> new UnknownTenantException(tenant));
  }

  /** The file is looked at often enough. */
  @Override
  public Database findAnew(TenantId tenant) {
    return find(tenant);
  }

  private void follow() {
    FixedDirectory before;
    FixedDirectory now;
    synchronized (this) {
      before = tenants;
      // Not what the caller has seen: by now another thread may have followed a later change.
      now = directory.tenants();
      tenants = now;
    }
    before.forEachThatMovedTo(now, moved);
  }

  @Override
  public @Nullable Database known(TenantId tenant) {
    return tenants.find(tenant).orElse(null);
  }

  @Override
  public void forget(TenantId tenant) {}
}
