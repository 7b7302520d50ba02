package dev.headgate.faults;

import java.sql.Connection;
import java.sql.ResultSet;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;

/**
 * What a client has set on a physical connection: a value, compared by {@link #equals}.
 *
 * <p>Properties go by JDBC's own names ({@code setReadOnly} sets {@code ReadOnly}). Immutable.
 */
public final class Settings {

  static final String AUTO_COMMIT = "AutoCommit";
  static final String READ_ONLY = "ReadOnly";
  static final String ISOLATION = "TransactionIsolation";
  static final String SCHEMA = "Schema";
  static final String CATALOG = "Catalog";
  static final String NETWORK_TIMEOUT = "NetworkTimeout";
  static final String HOLDABILITY = "Holdability";
  static final String CLIENT_INFO = "ClientInfo";

  /**
   * Those of every new connection: auto-commit, read committed, not read-only, schema {@code
   * public}, catalog {@code stub}, no network timeout, cursors closed at commit, no client info.
   */
  public static final Settings INITIAL =
      new Settings(
          Map.of(
              AUTO_COMMIT,
              true,
              READ_ONLY,
              false,
              ISOLATION,
              Connection.TRANSACTION_READ_COMMITTED,
              SCHEMA,
              "public",
              CATALOG,
              "stub",
              NETWORK_TIMEOUT,
              0,
              HOLDABILITY,
              ResultSet.CLOSE_CURSORS_AT_COMMIT,
              CLIENT_INFO,
              Map.of()));

  private final Map<String, Object> values;

  private Settings(Map<String, Object> values) {
    this.values = values;
  }

  /** Whether each statement is committed by itself. */
  public boolean autoCommit() {
    return (boolean) get(AUTO_COMMIT);
  }

  /** Whether the client called the connection read-only. The stub stores writes all the same. */
  public boolean readOnly() {
    return (boolean) get(READ_ONLY);
  }

  /** The isolation level, a constant of {@link Connection}. */
  public int isolation() {
    return (int) get(ISOLATION);
  }

  /** The schema, or null if the client set null. */
  public String schema() {
    return (String) get(SCHEMA);
  }

  /** The catalog, or null if the client set null. */
  public String catalog() {
    return (String) get(CATALOG);
  }

  /** The network timeout in milliseconds; 0 is none. */
  public int networkTimeout() {
    return (int) get(NETWORK_TIMEOUT);
  }

  /** The holdability, a constant of {@link ResultSet}. */
  public int holdability() {
    return (int) get(HOLDABILITY);
  }

  /** The client info by name, unmodifiable. */
  public Map<String, String> clientInfo() {
    Map<String, String> info = new HashMap<>();
    ((Map<?, ?>) get(CLIENT_INFO))
        .forEach((name, value) -> info.put((String) name, (String) value));
    return Collections.unmodifiableMap(info);
  }

  /** The same settings with another auto-commit mode. */
  public Settings withAutoCommit(boolean autoCommit) {
    return with(AUTO_COMMIT, autoCommit);
  }

  /** The same settings with another isolation level, a constant of {@link Connection}. */
  public Settings withIsolation(int isolation) {
    return with(ISOLATION, isolation);
  }

  /** The same settings with another schema. */
  public Settings withSchema(String schema) {
    return with(SCHEMA, schema);
  }

  /** The same settings with another catalog. */
  public Settings withCatalog(String catalog) {
    return with(CATALOG, catalog);
  }

  boolean has(String property) {
    return values.containsKey(property);
  }

  Object get(String property) {
    return values.get(property);
  }

  Settings with(String property, Object value) {
    // Not Map.copyOf: a schema or catalog may be null.
    Map<String, Object> changed = new HashMap<>(values);
    changed.put(property, value);
    return new Settings(changed);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Settings that && values.equals(that.values);
  }

  @Override
  public int hashCode() {
    return values.hashCode();
  }

  @Override
  public String toString() {
    return values.toString();
  }
}
