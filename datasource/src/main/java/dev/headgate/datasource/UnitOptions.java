package dev.headgate.datasource;

import dev.headgate.datasource.pool.Database;
import java.sql.Connection;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How a unit of work begins: with which isolation level, and whether it only reads. Both are set on
 * its connection before the first statement and reset afterwards. Immutable.
 */
public final class UnitOptions {

  private static final UnitOptions DEFAULTS =
      new UnitOptions(OptionalInt.empty(), false, false, Runnable::run, null, null);

  private final OptionalInt isolation;
  private final boolean readOnly;
  private final boolean rehearsal;
  private final Executor actionExecutor;
  private final @Nullable Supplier<String> name;
  private final @Nullable Database begun;

  private UnitOptions(
      OptionalInt isolation,
      boolean readOnly,
      boolean rehearsal,
      Executor actionExecutor,
      @Nullable Supplier<String> name,
      @Nullable Database begun) {
    this.isolation = isolation;
    this.readOnly = readOnly;
    this.rehearsal = rehearsal;
    this.actionExecutor = actionExecutor;
    this.name = name;
    this.begun = begun;
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
    return new UnitOptions(OptionalInt.of(level), readOnly, rehearsal, actionExecutor, name, begun);
  }

  /**
   * Returns these options for work that only reads: PostgreSQL, MariaDB and MySQL then refuse
   * writes.
   */
  public UnitOptions readOnly() {
    return new UnitOptions(isolation, true, rehearsal, actionExecutor, name, begun);
  }

  /**
   * Returns these options for a unit that never stores anything, for tests: what units inside it
   * commit is visible within it alone, and rolled back at its end. Each {@code begin} inside it
   * begins a unit that has its own outcome as ever, but works in the rehearsal's transactions.
   *
   * <p>What a database checks at COMMIT alone is not checked, options of units inside don't matter,
   * and what an independent unit has committed goes if the unit around it is rolled back. What
   * other threads do is not part of it, nor are connections of {@link RoutingDataSource#forTenant}.
   */
  public UnitOptions rehearsal() {
    return new UnitOptions(isolation, readOnly, true, actionExecutor, name, begun);
  }

  /**
   * Returns these options with an executor for what {@link UnitOfWork#onCommitted} and its siblings
   * have taken; otherwise the thread that ends the unit does it.
   */
  public UnitOptions actionsOn(Executor executor) {
    return new UnitOptions(
        isolation, readOnly, rehearsal, Objects.requireNonNull(executor, "executor"), name, begun);
  }

  /**
   * Returns these options with a name of the work, such as method and path of a request, for
   * reports of connections that are held for long.
   *
   * @param name is asked when a connection is borrowed and such reports are wanted, on the thread
   *     that borrows it
   */
  public UnitOptions named(Supplier<String> name) {
    return new UnitOptions(
        isolation,
        readOnly,
        rehearsal,
        actionExecutor,
        Objects.requireNonNull(name, "name"),
        begun);
  }

  /**
   * Returns these options for what belongs to work that has begun before, such as the error page of
   * a request: it is restricted as that was, whatever the tenant is restricted to since then. A
   * unit inside another one is restricted as that one in any case.
   *
   * @param begun the {@link UnitOfWork#database} of that work, which was the same tenant's
   */
  public UnitOptions restrictedAs(Database begun) {
    return new UnitOptions(
        isolation,
        readOnly,
        rehearsal,
        actionExecutor,
        name,
        Objects.requireNonNull(begun, "begun"));
  }

  OptionalInt isolation() {
    return isolation;
  }

  Executor actionExecutor() {
    return actionExecutor;
  }

  @Nullable Supplier<String> name() {
    return name;
  }

  /** Returns the database of work whose restriction goes on. */
  @Nullable Database begun() {
    return begun;
  }

  boolean isReadOnly() {
    return readOnly;
  }

  /** Throws if there is anything to set, where no connection is the unit's own. */
  void requireDefaults() {
    if (readOnly || isolation.isPresent()) {
      throw new IllegalArgumentException(
          "with transactions = none, set isolation and read-only on the connections themselves");
    }
  }

  boolean isRehearsal() {
    return rehearsal;
  }
}
