package dev.headgate.datasource;

import dev.headgate.datasource.pool.Database;

/**
 * A way to a database that every unit of work has: to the tenant's own one, or to that of a bind.
 *
 * @param position its place in the order of commits
 * @param bind the name of the bind; empty for the tenant's own database
 * @param lookup finds the database for a tenant
 */
record Route(int position, String bind, Lookup lookup) {

  /** Returns the way to the database of the tenant's own. */
  static Route own(Lookup lookup) {
    return new Route(0, "", lookup);
  }

  /** Returns what a route leads to, for messages. */
  static String describe(String bind) {
    return bind.isEmpty() ? "the tenant's own database" : "bind \"" + bind + "\"";
  }

  Database database(TenantId tenant) {
    return lookup.find(tenant);
  }
}
