package dev.headgate.datasource;

import java.sql.Array;
import java.sql.Blob;
import java.sql.CallableStatement;
import java.sql.Clob;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.NClob;
import java.sql.PreparedStatement;
import java.sql.Ref;
import java.sql.ResultSet;
import java.sql.SQLClientInfoException;
import java.sql.SQLException;
import java.sql.SQLXML;
import java.sql.Statement;
import java.util.Deque;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import org.jspecify.annotations.Nullable;

/**
 * The connection that an application gets: a view of a pooled one, with statements and results that
 * lead back to it.
 */
abstract class ConnectionHandle extends ForwardingConnectionHandle {

  /** SQLSTATE "connection does not exist". */
  private static final String CLOSED = "08003";

  /** Whether statements may be executed. */
  @FunctionalInterface
  interface Permission {
    void require() throws SQLException;
  }

  private static final AtomicIntegerFieldUpdater<ConnectionHandle> CLOSINGS =
      AtomicIntegerFieldUpdater.newUpdater(ConnectionHandle.class, "closings");

  private final BorrowedConnection borrowed;
  private final Permission permission;

  /**
   * The newest last; null before the first. Some frameworks close connections while another thread
   * still uses them.
   */
  private volatile @Nullable Deque<StatementPart<?>> statements;

  /** 1 when it was closed. */
  private volatile int closings;

  private volatile boolean aborted;
  private volatile boolean abandoned;

  ConnectionHandle(BorrowedConnection borrowed, Permission permission) {
    this.borrowed = borrowed;
    this.permission = permission;
  }

  /** Throws if this is no thread that may use the connection now. */
  abstract void requireTurn() throws SQLException;

  /** A statement is executed next. */
  final void executing(Statement statement) throws SQLException {
    borrowed.executing(statement);
    // After the line before: whoever cancels meanwhile sees the statement, or is seen here.
    permission.require();
  }

  /** A statement is cancelled next, from whatever thread. */
  final void cancelling() {
    borrowed.cancelling();
  }

  /** Asks the database to stop what it is doing, from whatever thread. */
  final void cancelStatement() throws SQLException {
    borrowed.cancelStatement();
  }

  /** Closes something. */
  @FunctionalInterface
  interface Closing {
    void run() throws SQLException;
  }

  /**
   * Closes something of this handle's, or this handle; returns false if another thread has the
   * unit, with whose end it is closed.
   */
  abstract boolean close(Closing closing) throws SQLException;

  final boolean isOpen() {
    return closings == 0;
  }

  /** Gives no more access, and is closed later. */
  final void abandon() {
    abandoned = true;
  }

  @Override
  final Connection open() throws SQLException {
    if (closings != 0 || abandoned) {
      throw new SQLException("this connection is closed", CLOSED);
    }
    requireTurn();
    return borrowed.connection();
  }

  @Override
  public final boolean isClosed() {
    return closings != 0 || aborted || abandoned;
  }

  /** Breaks the connection, that of a whole unit of work inside one; from whatever thread. */
  @Override
  public final void abort(Executor executor) throws SQLException {
    if (isOpen()) {
      aborted = true;
      borrowed.connection().abort(executor);
    }
  }

  /** Marks this handle as closed, so that it gives no access; returns false if it was closed. */
  final boolean markClosed() {
    return CLOSINGS.compareAndSet(this, 0, 1);
  }

  /** Closes the statements that are still open, the newest first. */
  final void closeStatements() throws SQLException {
    Deque<StatementPart<?>> all = statements;
    if (all == null) {
      return;
    }
    Throwable first = null;
    for (StatementPart<?> last = all.pollLast(); last != null; last = all.pollLast()) {
      try {
        last.close();
      } catch (SQLException | RuntimeException | Error e) {
        first = Failures.combine(first, e);
      }
    }
    Failures.rethrow(first);
  }

  final void forget(StatementPart<?> statement) {
    // The one opened last is mostly the first to be closed.
    statements().removeLastOccurrence(statement);
  }

  private <T extends StatementPart<?>> T remembered(T statement) {
    statements().add(statement);
    return statement;
  }

  private Deque<StatementPart<?>> statements() {
    Deque<StatementPart<?>> all = statements;
    if (all == null) {
      synchronized (this) {
        all = statements;
        if (all == null) {
          all = new ConcurrentLinkedDeque<>();
          statements = all;
        }
      }
    }
    return all;
  }

  @Override
  final Statement wrap(Statement statement) {
    return remembered(new StatementHandle<>(this, statement));
  }

  @Override
  final PreparedStatement wrap(PreparedStatement statement) {
    return remembered(new PreparedStatementHandle<>(this, statement));
  }

  @Override
  final CallableStatement wrap(CallableStatement statement) {
    return remembered(new CallableStatementHandle(this, statement));
  }

  @Override
  final DatabaseMetaData wrap(DatabaseMetaData metaData) {
    return new MetaDataHandle(this, metaData);
  }

  @Override
  final @Nullable ResultSet wrapResult(@Nullable ResultSet result, @Nullable Statement statement) {
    return result == null ? null : new ResultSetHandle(this, result, statement);
  }

  @Override
  final @Nullable Array wrap(@Nullable Array array) {
    return array == null ? null : new ArrayHandle(this, array);
  }

  @Override
  final @Nullable Blob wrap(@Nullable Blob blob) {
    return blob == null ? null : new BlobHandle(this, blob);
  }

  @Override
  final @Nullable Clob wrap(@Nullable Clob clob) {
    return clob instanceof NClob national
        ? wrap(national)
        : clob == null ? null : new ClobHandle<>(this, clob);
  }

  @Override
  final @Nullable NClob wrap(@Nullable NClob clob) {
    return clob == null ? null : new NClobHandle(this, clob);
  }

  @Override
  final @Nullable SQLXML wrap(@Nullable SQLXML xml) {
    return xml == null ? null : new SqlXmlHandle(this, xml);
  }

  @Override
  final @Nullable Ref wrap(@Nullable Ref ref) {
    return ref == null ? null : new RefHandle(this, ref);
  }

  /** The driver's own connection was asked for. */
  abstract void unwrapped() throws SQLException;

  /** A driver's own object was handed out, by which its connection can be had. */
  final void handedOut() throws SQLException {
    borrowed.connection().unwrap(Connection.class);
    unwrapped();
  }

  @Override
  public final <T> T unwrap(Class<T> type) throws SQLException {
    Connection connection = open();
    if (type.isInstance(this)) {
      return type.cast(this);
    }
    T own = connection.unwrap(type);
    unwrapped();
    return own;
  }

  @Override
  public final boolean isWrapperFor(Class<?> type) throws SQLException {
    Connection connection = open();
    return type.isInstance(this) || connection.isWrapperFor(type);
  }

  /** The pool's work. */
  @Override
  public final void beginRequest() throws SQLException {
    open();
  }

  /** The pool's work. */
  @Override
  public final void endRequest() throws SQLException {
    open();
  }

  /** Returns false where the connection can't even be asked. */
  @Override
  public final boolean isValid(int timeout) throws SQLException {
    if (timeout < 0) {
      throw new SQLException("timeout %d: it has to be 0 or more".formatted(timeout));
    }
    try {
      return isOpen() && super.isValid(timeout);
    } catch (SQLException e) {
      return false;
    }
  }

  @Override
  public final void setClientInfo(String name, @Nullable String value)
      throws SQLClientInfoException {
    withClientInfo(connection -> connection.setClientInfo(name, value));
  }

  @Override
  public final void setClientInfo(Properties properties) throws SQLClientInfoException {
    withClientInfo(connection -> connection.setClientInfo(properties));
  }

  @FunctionalInterface
  private interface ClientInfo {
    void set(Connection connection) throws SQLException;
  }

  private void withClientInfo(ClientInfo info) throws SQLClientInfoException {
    Connection connection;
    try {
      connection = working();
    } catch (SQLException e) {
      throw new SQLClientInfoException(e.getMessage(), e.getSQLState(), Map.of(), e);
    }
    try {
      info.set(connection);
    } catch (SQLClientInfoException | RuntimeException | Error e) {
      noticed(e);
      throw e;
    } catch (SQLException e) {
      noticed(e);
      throw new SQLClientInfoException(e.getMessage(), e.getSQLState(), Map.of(), e);
    } finally {
      done();
    }
  }
}
