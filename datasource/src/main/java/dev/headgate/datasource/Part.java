package dev.headgate.datasource;

import java.sql.Array;
import java.sql.Blob;
import java.sql.Clob;
import java.sql.NClob;
import java.sql.Ref;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLXML;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;

/**
 * A JDBC object that belongs to a connection handle: hands on what happens to it.
 *
 * @param <D> the JDBC interface
 */
abstract class Part<D> {

  final ConnectionHandle connection;
  final D delegate;

  Part(ConnectionHandle connection, D delegate) {
    this.connection = connection;
    this.delegate = delegate;
  }

  D open() throws SQLException {
    connection.open();
    return delegate;
  }

  D working() throws SQLException {
    D target = open();
    connection.working();
    return target;
  }

  final D unobserved() throws SQLException {
    D target = open();
    connection.unobserved();
    return target;
  }

  final void done() {
    connection.done();
  }

  final void noticed(Throwable failure) {
    connection.noticed(failure);
  }

  /** Returns the driver's own object in place of a part, for a call to the driver. */
  @SuppressWarnings("unchecked")
  static <T extends @Nullable Object> T raw(T value) {
    return value instanceof Part<?> part ? (T) part.delegate : value;
  }

  final @Nullable ResultSet wrapResult(@Nullable ResultSet result, @Nullable Statement statement) {
    return connection.wrapResult(result, statement);
  }

  final @Nullable Array wrap(@Nullable Array array) {
    return connection.wrap(array);
  }

  final @Nullable Blob wrap(@Nullable Blob blob) {
    return connection.wrap(blob);
  }

  final @Nullable Clob wrap(@Nullable Clob clob) {
    return connection.wrap(clob);
  }

  final @Nullable NClob wrap(@Nullable NClob clob) {
    return connection.wrap(clob);
  }

  final @Nullable SQLXML wrap(@Nullable SQLXML xml) {
    return connection.wrap(xml);
  }

  final @Nullable Ref wrap(@Nullable Ref ref) {
    return connection.wrap(ref);
  }

  final @Nullable Object wrap(@Nullable Object value) {
    if (value instanceof Array array) {
      return wrap(array);
    }
    if (value instanceof Clob clob) {
      return wrap(clob);
    }
    if (value instanceof Blob blob) {
      return wrap(blob);
    }
    if (value instanceof SQLXML xml) {
      return wrap(xml);
    }
    if (value instanceof Ref ref) {
      return wrap(ref);
    }
    if (value instanceof ResultSet result) {
      return wrapResult(result, null);
    }
    return value;
  }

  /** Wraps a value of a type that the application has named, which may be the driver's own. */
  final <T> @Nullable T wrapAs(@Nullable T value, Class<T> type) {
    Object wrapped = wrap((Object) value);
    return type.isInstance(wrapped) ? type.cast(wrapped) : value;
  }
}
