package dev.headgate.datasource;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Wrapper;

/** A part that can be unwrapped and knows its connection. */
abstract class WrapperPart<D extends Wrapper> extends Part<D> {

  WrapperPart(ConnectionHandle connection, D delegate) {
    super(connection, delegate);
  }

  /** Returns the handle. */
  public Connection getConnection() throws SQLException {
    open();
    return connection;
  }

  public final <T> T unwrap(Class<T> type) throws SQLException {
    D target = open();
    if (type.isInstance(this)) {
      return type.cast(this);
    }
    T own = target.unwrap(type);
    connection.handedOut();
    return own;
  }

  public final boolean isWrapperFor(Class<?> type) throws SQLException {
    D target = open();
    return type.isInstance(this) || target.isWrapperFor(type);
  }
}
