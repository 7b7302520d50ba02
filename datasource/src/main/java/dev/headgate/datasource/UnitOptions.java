package dev.headgate.datasource;

import java.sql.Connection;
import java.util.OptionalInt;

/**
 * How a unit of work begins: with which isolation level, and whether it only reads. Both are set on
 * its connection before the first statement and reset afterwards. Immutable.
 */
public final class UnitOptions {

  private static final UnitOptions DEFAULTS = new UnitOptions(OptionalInt.empty(), false);

  private final OptionalInt isolation;
  private final boolean readOnly;

  private UnitOptions(OptionalInt isolation, boolean readOnly) {
    this.isolation = isolation;
    this.readOnly = readOnly;
  }

  /** Returns the options that hold where nothing is said: the database's isolation, and writing. */
  public static UnitOptions defaults() {
    return DEFAULTS;
  }

  /**
   * Returns these options with an isolation level.
   *
   * @param level one of the constants of {@link Connection}, but not {@link
   *     Connection#TRANSACTION_NONE}
   * @throws IllegalArgumentException if it is no such level
   */
  public UnitOptions isolation(int level) {
    switch (level) {
      case Connection.TRANSACTION_READ_UNCOMMITTED,
          Connection.TRANSACTION_READ_COMMITTED,
          Connection.TRANSACTION_REPEATABLE_READ,
          Connection.TRANSACTION_SERIALIZABLE -> {}
      default ->
          throw new IllegalArgumentException(
              "isolation %d: it has to be a level of java.sql.Connection".formatted(level));
    }
    return new UnitOptions(OptionalInt.of(level), readOnly);
  }

  /** Returns these options for work that only reads; the database may then refuse writes. */
  public UnitOptions readOnly() {
    return new UnitOptions(isolation, true);
  }

  OptionalInt isolation() {
    return isolation;
  }

  boolean isReadOnly() {
    return readOnly;
  }
}
