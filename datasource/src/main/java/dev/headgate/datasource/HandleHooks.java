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
import java.sql.SQLException;
import java.sql.SQLXML;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;

/**
 * What happens around each JDBC call of a handle, and of all that was made by it. The generated
 * classes call these.
 */
abstract class HandleHooks {

  /** Returns the connection for a call that sends nothing; throws if the handle is closed. */
  abstract Connection open() throws SQLException;

  /**
   * Returns the connection for a call that may send a statement; throws if the handle is closed.
   */
  abstract Connection working() throws SQLException;

  /** As {@link #working()}, for work whose failures are not seen. */
  abstract Connection unobserved() throws SQLException;

  /** What {@link #working()} or {@link #unobserved()} has returned a connection for has ended. */
  abstract void done();

  /** A call has failed. */
  abstract void noticed(Throwable failure);

  abstract Statement wrap(Statement statement);

  abstract PreparedStatement wrap(PreparedStatement statement);

  abstract CallableStatement wrap(CallableStatement statement);

  abstract DatabaseMetaData wrap(DatabaseMetaData metaData);

  abstract @Nullable ResultSet wrapResult(
      @Nullable ResultSet result, @Nullable Statement statement);

  abstract @Nullable Array wrap(@Nullable Array array);

  abstract @Nullable Blob wrap(@Nullable Blob blob);

  abstract @Nullable Clob wrap(@Nullable Clob clob);

  abstract @Nullable NClob wrap(@Nullable NClob clob);

  abstract @Nullable SQLXML wrap(@Nullable SQLXML xml);

  abstract @Nullable Ref wrap(@Nullable Ref ref);
}
