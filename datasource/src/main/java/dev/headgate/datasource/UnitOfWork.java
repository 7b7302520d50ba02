package dev.headgate.datasource;

import dev.headgate.datasource.pool.Database;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/**
 * All database work of one request or job, for one tenant, with one outcome: on one connection, and
 * on one more for each bind that is used.
 *
 * <pre>{@code
 * try (UnitOfWork work = dataSource.begin(tenant)) {
 *   …                                       // any code that uses dataSource.getConnection()
 *   work.commit();
 * }                                         // without commit(): rolled back
 * }</pre>
 *
 * <p>It takes no connection before one is asked for. It belongs to one thread at a time.
 */
public interface UnitOfWork extends AutoCloseable {

  /** Returns the tenant whose data this unit works on. */
  TenantId tenant();

  /** Returns the database where the tenant's data lives. */
  Database database();

  /**
   * Commits what was done so far, open inner transactions included; the unit can go on afterwards.
   * On a unit that joined another one it is a mark: the outer unit decides in the end. With {@link
   * Transactions#NONE} it does nothing.
   *
   * <p>Several databases are committed one after the other: the tenant's own first, then the binds
   * in the order in which the data source's builder names them. If one fails, the rest is rolled
   * back, and what was committed before it stays: there is no atomicity across databases.
   *
   * @throws PartialCommitException if some databases were committed, and others were not; the unit
   *     can only be closed then
   * @throws RolledBackException if it was rolled back instead; the unit can only be closed then
   * @throws OutcomeUnknownException if it is not known whether it was stored; the unit can only be
   *     closed then
   * @throws IllegalStateException if this unit has ended
   */
  void commit() throws SQLException;

  /**
   * Ends the unit with what was done: closes the handles that are still open, which undoes what
   * their inner transactions have not committed, then commits, then gives the connection back. On a
   * unit that joined another one this is {@link #commit()} and {@link #close()}.
   *
   * @throws PartialCommitException if some databases were committed, and others were not
   * @throws RolledBackException if it was rolled back instead
   * @throws OutcomeUnknownException if it is not known whether it was stored
   * @throws IllegalStateException if this unit has ended
   */
  void finish() throws SQLException;

  /**
   * Decides that this unit is never committed: {@link #commit()} rolls back and throws.
   *
   * @throws IllegalStateException with {@link Transactions#NONE}, where the application rolls back
   */
  void setRollbackOnly();

  /**
   * Returns whether this unit can't be committed any more, because {@link #setRollbackOnly()} was
   * called or the database has lost some of its work.
   */
  boolean isRollbackOnly();

  /**
   * Ends the unit: rolls back what was not committed and gives the connection back. On a unit that
   * joined another one, undoes what was not committed there. Closing twice does no harm.
   *
   * @throws SQLException if the rollback failed; the connection was destroyed then, which rolls
   *     back too
   */
  @Override
  void close() throws SQLException;

  /**
   * Returns how this unit's transactions have ended so far: the outcome that all of them share, or
   * {@link Outcome#PARTLY}; empty if there was none, since nothing was sent to the database or
   * nothing has ended yet.
   */
  Optional<Outcome> outcome();

  /**
   * Returns how each physical transaction of this unit that has ended did so, in order. Those on
   * several databases end one after the other: the tenant's own, then the binds in the order in
   * which the data source's builder names them.
   */
  List<TransactionOutcome> outcomes();
}
