package dev.headgate.datasource.pool;

/**
 * When what SQL has left in the session of a connection is cleared away: settings, roles, temporary
 * tables, locks, prepared statements and the like. What was changed by JDBC's own methods is
 * changed back in any case, whenever a connection is given back.
 *
 * <p>It is cleared in the round trip that leads the connection to its next borrower's schema or
 * catalog. A connection that can't be cleared is closed, and its next borrower gets another one.
 */
public enum Reset {

  /** Before a connection is given to another tenant than the one before it; the default. */
  TENANT,

  /** Each time before a connection is borrowed, save for the first. */
  ALWAYS,

  /**
   * When a connection is led to another schema or catalog, and not otherwise: for a database in
   * which all tenants work in one place, and whose sessions have nothing of one in them.
   */
  SCHEMA
}
