package dev.headgate.datasource;

import dev.headgate.datasource.Marks.Mark;
import dev.headgate.datasource.pool.Database;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A unit of work of its own: the one that ends the physical transactions. */
final class Unit implements UnitOfWork {

  private static final Logger log = LoggerFactory.getLogger(Unit.class);

  private final RoutingDataSource source;
  private final TenantId tenant;
  private final Database database;
  private final UnitOptions options;
  private final @Nullable Unit outer;
  private final List<Outcome> outcomes = new ArrayList<>(1);

  /** There before the connection is, for the marks of units that join; null if none was needed. */
  private @Nullable Marks marks;

  private @Nullable UnitConnection connection;
  private boolean rollbackOnly;
  private @Nullable Throwable doom;
  private boolean ended;

  Unit(
      RoutingDataSource source,
      TenantId tenant,
      Database database,
      UnitOptions options,
      @Nullable Unit outer) {
    this.source = source;
    this.tenant = tenant;
    this.database = database;
    this.options = options;
    this.outer = outer;
  }

  @Nullable Unit outer() {
    return outer;
  }

  /** Returns whether this unit was begun inside another one, at any depth. */
  boolean isInside(Unit other) {
    Unit around = outer;
    while (around != null && around != other) {
      around = around.outer;
    }
    return around != null;
  }

  boolean hasEnded() {
    return ended;
  }

  /** Returns a new handle; borrows the connection if this is the first. */
  Connection handle(boolean autoCommit) throws SQLException {
    requireOpen();
    UnitConnection existing = connection;
    if (existing == null) {
      existing = new UnitConnection(this, borrow(), marks());
      connection = existing;
    }
    return existing.handle(autoCommit);
  }

  private BorrowedConnection borrow() throws SQLException {
    BorrowedConnection borrowed = source.borrow(tenant, database);
    try {
      if (options.isReadOnly()) {
        borrowed.connection().setReadOnly(true);
      }
      if (options.isolation().isPresent()) {
        borrowed.connection().setTransactionIsolation(options.isolation().getAsInt());
      }
      return borrowed;
    } catch (SQLException | RuntimeException | Error e) {
      borrowed.condemn();
      try {
        borrowed.giveBack();
      } catch (SQLException | RuntimeException | Error later) {
        e.addSuppressed(later);
      }
      throw e;
    }
  }

  private Marks marks() {
    Marks all = marks;
    if (all == null) {
      all = new Marks();
      marks = all;
    }
    return all;
  }

  Mark mark(Object owner) throws SQLException {
    requireOpen();
    return connection == null ? marks().set(owner) : connection.mark(owner);
  }

  void keep(Mark mark) throws SQLException {
    requireOpen();
    if (isRollbackOnly()) {
      throw rollbackOnlyFailure();
    }
    if (connection != null) {
      connection.keep(mark);
    }
  }

  void undo(Mark mark) throws SQLException {
    if (connection != null) {
      connection.undo(mark);
    }
  }

  void drop(Mark mark) {
    marks().drop(mark);
  }

  /** Some of the work of this unit was lost: it must not be committed. */
  void doom(Throwable cause) {
    rollbackOnly = true;
    if (doom == null) {
      doom = cause;
    }
  }

  void ended(Outcome outcome) {
    outcomes.add(outcome);
  }

  private void requireOpen() {
    if (ended) {
      throw new IllegalStateException(
          "the unit of work of tenant \"%s\" has ended".formatted(tenant));
    }
  }

  private SQLException rollbackOnlyFailure() {
    if (doom instanceof OutcomeUnknownException unknown) {
      // What became of the transaction is no better known now.
      return unknown;
    }
    return new RolledBackException(
        "the unit of work of tenant \"%s\" is rollback-only, nothing %s is stored%s"
            .formatted(
                tenant,
                outcomes.contains(Outcome.COMMITTED) ? "since its last commit" : "of it",
                doom == null ? "" : ": " + doom.getMessage()),
        doom);
  }

  @Override
  public TenantId tenant() {
    return tenant;
  }

  @Override
  public Database database() {
    return database;
  }

  @Override
  public void setRollbackOnly() {
    rollbackOnly = true;
  }

  @Override
  public boolean isRollbackOnly() {
    return rollbackOnly;
  }

  @Override
  public void commit() throws SQLException {
    requireOpen();
    if (rollbackOnly) {
      SQLException failure = rollbackOnlyFailure();
      try {
        rollBack();
      } catch (SQLException | RuntimeException | Error e) {
        failure.addSuppressed(e);
      }
      throw failure;
    }
    if (connection != null) {
      try {
        connection.commit();
      } catch (SQLException | RuntimeException | Error e) {
        doom(e);
        throw e;
      }
    }
  }

  private void rollBack() throws SQLException {
    if (connection != null) {
      connection.end();
    }
  }

  @Override
  public void finish() throws SQLException {
    requireOpen();
    end(true);
  }

  @Override
  public void close() throws SQLException {
    if (!ended) {
      end(false);
    }
  }

  /** Each step is taken, whatever the one before it throws; the first failure is thrown. */
  private void end(boolean committing) throws SQLException {
    Throwable first = null;
    try {
      source.endInner(this);
    } catch (SQLException | RuntimeException | Error e) {
      first = e;
    }
    try {
      if (connection != null) {
        connection.closeHandles();
      }
    } catch (SQLException | RuntimeException | Error e) {
      first = Failures.combine(first, e);
    }
    if (first != null) {
      doom(first);
    }
    try {
      if (committing) {
        commit();
      } else {
        rollBack();
      }
    } catch (SQLException | RuntimeException | Error e) {
      // That of commit() has the first one as its cause, if there was one.
      first = e.getCause() == first ? e : Failures.combine(first, e);
    }
    // Whoever looks from now on, from within close() too, sees a unit that has ended.
    ended = true;
    try {
      if (connection != null) {
        connection.borrowed().giveBack();
      }
    } catch (SQLException | RuntimeException | Error e) {
      // The outcome stands, and the connection is destroyed: that is no failure of the work.
      if (first == null) {
        log.warn("The connection of tenant {} could not be cleaned and was destroyed", tenant, e);
      } else {
        first.addSuppressed(e);
      }
    } finally {
      source.leave(this);
    }
    Failures.rethrow(first);
  }

  @Override
  public Optional<Outcome> outcome() {
    if (outcomes.isEmpty()) {
      return Optional.empty();
    }
    Outcome first = outcomes.get(0);
    return Optional.of(outcomes.stream().allMatch(first::equals) ? first : Outcome.PARTLY);
  }

  @Override
  public List<Outcome> outcomes() {
    return List.copyOf(outcomes);
  }

  @Override
  public String toString() {
    return "unit of work of tenant " + tenant;
  }
}
