package dev.headgate.datasource;

import java.sql.SQLException;
import java.sql.Statement;

/** A statement of a connection handle, which closes it with itself. */
abstract class StatementPart<D extends Statement> extends WrapperPart<D> {

  private boolean closed;

  StatementPart(ConnectionHandle connection, D delegate) {
    super(connection, delegate);
  }

  @Override
  final D open() throws SQLException {
    if (closed) {
      throw new SQLException("this statement is closed");
    }
    return delegate;
  }

  public final void close() throws SQLException {
    if (closed) {
      return;
    }
    closed = true;
    connection.forget(this);
    try {
      delegate.close();
    } catch (SQLException | RuntimeException | Error e) {
      noticed(e);
      throw e;
    }
  }

  public final boolean isClosed() throws SQLException {
    return closed || delegate.isClosed();
  }
}
