package dev.headgate.datasource;

import java.sql.SQLException;
import java.sql.Statement;

/** A statement of a connection handle, which closes it with itself. */
abstract class StatementPart<D extends Statement> extends WrapperPart<D> {

  private volatile boolean closed;
  private volatile boolean abandoned;

  StatementPart(ConnectionHandle connection, D delegate) {
    super(connection, delegate);
  }

  @Override
  final D open() throws SQLException {
    if (closed || abandoned) {
      throw new SQLException("this statement is closed");
    }
    connection.requireTurn();
    return delegate;
  }

  @Override
  final D working() throws SQLException {
    D target = super.working();
    try {
      connection.executing(target);
    } catch (SQLException e) {
      done();
      throw e;
    }
    return target;
  }

  public final void close() throws SQLException {
    if (!closed && !connection.close(this::closeInTurn)) {
      abandoned = true;
    }
  }

  private void closeInTurn() throws SQLException {
    closed = true;
    connection.forget(this);
    try {
      delegate.close();
    } catch (SQLException | RuntimeException | Error e) {
      noticed(e);
      throw e;
    }
  }

  /** From whatever thread, as JDBC says. */
  public final void cancel() throws SQLException {
    // Before the look: whoever gives the connection back meanwhile sees it, or is seen here.
    connection.cancelling();
    if (closed) {
      throw new SQLException("this statement is closed");
    }
    delegate.cancel();
  }

  public final boolean isClosed() throws SQLException {
    return closed || abandoned || delegate.isClosed();
  }
}
