package dev.headgate.datasource;

import dev.headgate.datasource.pool.Borrower;
import dev.headgate.datasource.pool.Database;
import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** The units of work of a data source: which one is current, how others begin, and how they end. */
final class Units {

  private final Route own;
  private final Leasing leasing;
  private final Restrictions restrictions;
  private final Scope scope;
  private final Transactions transactions;
  private final boolean autoCommit;

  /**
   * Makes them.
   *
   * @param own the way to a tenant's own database
   * @param autoCommit whether handles start in auto-commit mode
   */
  Units(
      Route own,
      Leasing leasing,
      Restrictions restrictions,
      Scope scope,
      Transactions transactions,
      boolean autoCommit) {
    this.own = own;
    this.leasing = leasing;
    this.restrictions = restrictions;
    this.scope = scope;
    this.transactions = transactions;
    this.autoCommit = autoCommit;
  }

  @Nullable Unit current() {
    return scope.current();
  }

  /** Returns a new connection of the current unit. */
  Connection connection(Route route) throws SQLException {
    Unit unit = scope.current();
    if (unit == null) {
      throw new NoUnitOfWorkException();
    }
    unit.requireTurn();
    return unit.connection(route);
  }

  /** Begins a unit, or joins the current one. */
  UnitOfWork begin(TenantId tenant) throws SQLException {
    Unit current = requireNoOther(tenant);
    if (current == null || !current.isJoinable()) {
      return enter(tenant, UnitOptions.defaults(), current);
    }
    TransactionalUnit rehearsal = current.rehearsal();
    return new JoinedUnit(current, rehearsal != null ? rehearsal : (TransactionalUnit) current);
  }

  /** Begins a unit where there is none, or in a rehearsal. */
  UnitOfWork begin(TenantId tenant, UnitOptions options) throws SQLException {
    Unit current = requireNoOther(tenant);
    if (current != null && current != current.rehearsal()) {
      throw new IllegalStateException(
          "there is a unit of work of tenant \"%s\" on this thread, with its own options: join it by"
                  .formatted(tenant)
              + " begin(tenant), begin an independent one, or close it if it was left open");
    }
    return enter(tenant, options, current);
  }

  /** Begins a unit inside the current one, if there is one. */
  UnitOfWork beginIndependent(TenantId tenant, UnitOptions options) throws SQLException {
    return enter(tenant, options, requireNoOther(tenant));
  }

  private Unit enter(TenantId tenant, UnitOptions options, @Nullable Unit outer)
      throws SQLException {
    if (outer != null && options.isRehearsal()) {
      throw new IllegalStateException(
          "a rehearsal begins where there is no unit of work, and there is one of tenant \"%s\""
              .formatted(tenant));
    }
    TransactionalUnit rehearsal = outer == null ? null : outer.rehearsal();
    Unit unit;
    if (transactions == Transactions.NONE && !options.isRehearsal()) {
      options.requireDefaults();
      unit = new PlainUnit(this, tenant, database(tenant, begun(options, outer)), options, outer);
    } else if (outer != null && rehearsal != null) {
      unit = new RehearsedUnit(this, rehearsal, options, outer);
    } else {
      unit =
          new TransactionalUnit(
              this, tenant, database(tenant, begun(options, outer)), options, outer);
    }
    scope.enter(unit);
    return unit;
  }

  private static @Nullable Database begun(UnitOptions options, @Nullable Unit outer) {
    return outer == null ? options.begun() : outer.database();
  }

  /**
   * Returns where work begins.
   *
   * @param begun where other work has begun that this is part of, and goes on as that does; or null
   */
  Database database(TenantId tenant, @Nullable Database begun) throws SQLException {
    Database found = own.database(tenant);
    return begun == null ? restrictions.require(tenant, found) : found.restrictedAs(begun);
  }

  /** Returns the current unit of work, if there is one; throws if it is another tenant's. */
  @Nullable Unit requireNoOther(TenantId tenant) {
    Unit current = scope.current();
    if (current != null && !current.tenant().equals(tenant)) {
      throw new TenantMismatchException(tenant, current.tenant());
    }
    return current;
  }

  /** Borrows a connection for a unit, which may find that its database has moved meanwhile. */
  BorrowedConnection borrow(Route route, Unit unit) throws SQLException {
    TenantId tenant = unit.tenant();
    Database database = route == own ? unit.database() : bound(route, unit);
    BorrowedConnection borrowed =
        leasing.borrow(route, tenant, database, unit.borrower, unit.name());
    if (route == own) {
      unit.database(borrowed.database());
    }
    return borrowed;
  }

  /** Returns the database of a bind, which is read only where the unit is. */
  private static Database bound(Route route, Unit unit) {
    Database database = route.database(unit.tenant());
    return unit.database().restriction().map(database::restricted).orElse(database);
  }

  /** Returns who borrows for a unit that is not inside another one. */
  Borrower newBorrower() {
    // Where transactions are the application's, some frameworks close connections on other threads.
    return transactions == Transactions.NONE ? Borrower.sharingThreads() : Borrower.keepingAll();
  }

  boolean autoCommit() {
    return autoCommit;
  }

  /** Returns the rehearsed unit that is current inside a unit, or the unit itself. */
  Unit currentInside(TransactionalUnit unit) {
    Unit inner = scope.currentWith(unit);
    while (inner != null && inner.isInside(unit) && !(inner instanceof RehearsedUnit)) {
      inner = inner.outer();
    }
    return inner != null && inner.isInside(unit) ? inner : unit;
  }

  /** Closes the units that were begun inside one and left open. */
  void endInner(Unit unit) throws SQLException {
    if (!unit.hasInner()) {
      return;
    }
    Throwable first = null;
    Unit current = scope.currentWith(unit);
    while (current != null && current.isInside(unit)) {
      try {
        current.close();
      } catch (SQLException | RuntimeException | Error e) {
        first = Failures.combine(first, e);
      }
      current = scope.currentWith(unit);
    }
    Failures.rethrow(first);
  }

  /** Returns whether a unit is current here, or one inside it. */
  boolean isCurrent(Unit unit) {
    Unit here = scope.current();
    return here != null && (here == unit || here.isInside(unit));
  }

  boolean resume(Unit unit) {
    return scope.resume(unit);
  }

  void suspend(Unit unit) {
    scope.suspend(unit);
  }

  void leave(Unit unit) {
    scope.leave(unit);
  }
}
