package dev.headgate.datasource;

import dev.headgate.datasource.pool.Database;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

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
 * <p>It takes no connection before one is asked for.
 *
 * <p>It belongs to one thread at a time, that which has begun it; others that use it, or one of its
 * connections, get a {@link UnitInUseException}. {@link #handOver(Runnable)} gives it to another
 * thread. What that promises more is said of each method.
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
   * @throws UnitInUseException if another thread has this unit
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
   * @throws UnitInUseException if another thread has this unit, which is then rolled back when that
   *     has done with it
   * @throws IllegalStateException if this unit has ended
   */
  void finish() throws SQLException;

  /**
   * Decides that this unit is never committed: {@link #commit()} rolls back and throws. Any thread
   * may decide it.
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
   * @throws UnitInUseException if another thread has this unit, which is then rolled back when that
   *     has done with it
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

  /**
   * Has something done once it is certain that what this unit has done so far is stored: the mail
   * is sent only if the order is true. It is done after the unit has ended and its connection is
   * back, on the thread that ends it or on the executor of {@link UnitOptions#actionsOn}; what it
   * throws is logged, and changes nothing. It may begin a unit of its own. Any thread may ask for
   * it.
   *
   * <p>On a unit that joined another one, the work is what was done since its begin, or its last
   * commit: if that is undone, it is rolled back, whatever becomes of the outer unit. An inner
   * transaction of a connection that is rolled back does not count.
   *
   * @throws IllegalStateException if this unit has ended; or with {@link Transactions#NONE}, where
   *     the application knows the outcome of its own transactions
   */
  void onCommitted(Runnable action);

  /**
   * Has something done once it is certain that nothing of what this unit has done so far is stored,
   * in the way of {@link #onCommitted}.
   *
   * @throws IllegalStateException as {@link #onCommitted} does
   */
  void onRolledBack(Runnable action);

  /**
   * Has something done if it stays unknown whether what this unit has done so far is stored, or if
   * it is in some of several databases and not in others; in the way of {@link #onCommitted}.
   *
   * @throws IllegalStateException as {@link #onCommitted} does
   */
  void onUnknown(Runnable action);

  /**
   * Gives this unit to the thread that runs a task: there it is the current one while the task
   * runs, with all that was done in it. This thread gives it up now, and gets it back by using it
   * when no task has it. In place of a unit of its own for the task, see {@link
   * RoutingDataSource#wrap}.
   *
   * <pre>{@code
   * executor.execute(work.handOver(() -> notes.add("by another thread")));
   * }</pre>
   *
   * <p>The task throws {@link IllegalStateException} and does nothing if the unit has ended before
   * it is run, or the thread has another unit.
   */
  Runnable handOver(Runnable task);

  /**
   * Gives this unit to the thread that runs a task, as {@link #handOver(Runnable)} does.
   *
   * @param <T> the result
   */
  <T extends @Nullable Object> Callable<T> handOver(Callable<T> task);

  /**
   * Takes this unit off this thread: it is not the current one here any more, and another thread
   * may have it. Units that were begun inside it here and left open are closed. For who accompanies
   * work from thread to thread, as the filter does; others hand tasks over.
   *
   * @throws SQLException if a unit inside it could not be closed; this one is rollback-only then
   * @throws IllegalStateException if this unit has ended
   */
  void suspend() throws SQLException;

  /**
   * Makes this unit the current one on this thread, until it is suspended or ended here. The thread
   * has it from the first use on, if no other has it then.
   *
   * @throws IllegalStateException if this unit has ended, or the thread has another unit, which is
   *     not the one that this was begun inside
   */
  void resume();

  /**
   * Does something as soon as no other thread has this unit: now, or on the thread that has it,
   * when that gives it up. Meanwhile no thread gets it.
   */
  void whenFree(Runnable action);

  /**
   * Gives the work up, from whatever thread: it is never committed, the statement that runs is
   * cancelled, and none is executed any more. The unit still has to be closed.
   *
   * @throws SQLException if the database could not be asked to cancel
   */
  void cancel() throws SQLException;
}
