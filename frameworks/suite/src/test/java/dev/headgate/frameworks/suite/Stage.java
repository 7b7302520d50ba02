package dev.headgate.frameworks.suite;

import dev.headgate.datasource.TenantId;

/** Where work is done in a unit of work. Safe for use by many threads. */
interface Stage extends AutoCloseable {

  /** Does work for a tenant in a unit of its own; throws what the work has thrown. */
  void play(TenantId tenant, Work work) throws Exception;

  @Override
  default void close() throws Exception {}
}
