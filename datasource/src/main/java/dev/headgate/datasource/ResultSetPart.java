package dev.headgate.datasource;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;

/** A result of a statement, or of something else than a statement of the application's own. */
abstract class ResultSetPart extends WrapperPart<ResultSet> {

  private final @Nullable Statement statement;

  ResultSetPart(ConnectionHandle connection, ResultSet delegate, @Nullable Statement statement) {
    super(connection, delegate);
    this.statement = statement;
  }

  public final void close() throws SQLException {
    if (connection.isOpen()) {
      connection.close(this::closeInTurn);
    }
  }

  private void closeInTurn() throws SQLException {
    try {
      delegate.close();
    } catch (SQLException | RuntimeException | Error e) {
      noticed(e);
      throw e;
    }
  }

  public final boolean isClosed() throws SQLException {
    return connection.isClosed() || delegate.isClosed();
  }

  /** Returns the statement's handle; null for a result that no statement of the handle has made. */
  public final @Nullable Statement getStatement() throws SQLException {
    open();
    return statement;
  }
}
