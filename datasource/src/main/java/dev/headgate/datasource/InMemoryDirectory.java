package dev.headgate.datasource;

import dev.headgate.datasource.pool.Database;
import java.util.Optional;

/** A directory that answers at once and never fails, so that its answers are not remembered. */
interface InMemoryDirectory extends TenantDirectory {

  @Override
  Optional<Database> find(TenantId tenant);
}
