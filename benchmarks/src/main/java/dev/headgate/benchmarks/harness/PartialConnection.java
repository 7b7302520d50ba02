package dev.headgate.benchmarks.harness;

import java.sql.Array;
import java.sql.Blob;
import java.sql.CallableStatement;
import java.sql.Clob;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.NClob;
import java.sql.PreparedStatement;
import java.sql.SQLClientInfoException;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.SQLXML;
import java.sql.Savepoint;
import java.sql.Statement;
import java.sql.Struct;
import java.util.Map;
import java.util.Properties;

/** What a pool does not ask of a connection, refused. */
abstract class PartialConnection implements Connection {

  @Override
  public final <T> T unwrap(Class<T> type) throws SQLException {
    if (type.isInstance(this)) {
      return type.cast(this);
    }
    throw unsupported();
  }

  @Override
  public final boolean isWrapperFor(Class<?> type) {
    return type.isInstance(this);
  }

  @Override
  public final Statement createStatement() throws SQLException {
    throw unsupported();
  }

  @Override
  public final PreparedStatement prepareStatement(String text) throws SQLException {
    throw unsupported();
  }

  @Override
  public final CallableStatement prepareCall(String text) throws SQLException {
    throw unsupported();
  }

  @Override
  public final String nativeSQL(String text) throws SQLException {
    throw unsupported();
  }

  @Override
  public final DatabaseMetaData getMetaData() throws SQLException {
    throw unsupported();
  }

  @Override
  public final void setCatalog(String text) throws SQLException {
    throw unsupported();
  }

  @Override
  public final Statement createStatement(int number, int number2) throws SQLException {
    throw unsupported();
  }

  @Override
  public final PreparedStatement prepareStatement(String text, int number, int number2)
      throws SQLException {
    throw unsupported();
  }

  @Override
  public final CallableStatement prepareCall(String text, int number, int number2)
      throws SQLException {
    throw unsupported();
  }

  @Override
  public final Map<String, Class<?>> getTypeMap() throws SQLException {
    throw unsupported();
  }

  @Override
  public final void setTypeMap(Map<String, Class<?>> value) throws SQLException {
    throw unsupported();
  }

  @Override
  public final void setHoldability(int number) throws SQLException {
    throw unsupported();
  }

  @Override
  public final int getHoldability() throws SQLException {
    throw unsupported();
  }

  @Override
  public final Savepoint setSavepoint() throws SQLException {
    throw unsupported();
  }

  @Override
  public final Savepoint setSavepoint(String text) throws SQLException {
    throw unsupported();
  }

  @Override
  public final void rollback(Savepoint savepoint) throws SQLException {
    throw unsupported();
  }

  @Override
  public final void releaseSavepoint(Savepoint savepoint) throws SQLException {
    throw unsupported();
  }

  @Override
  public final Statement createStatement(int number, int number2, int number3) throws SQLException {
    throw unsupported();
  }

  @Override
  public final PreparedStatement prepareStatement(String text, int number, int number2, int number3)
      throws SQLException {
    throw unsupported();
  }

  @Override
  public final CallableStatement prepareCall(String text, int number, int number2, int number3)
      throws SQLException {
    throw unsupported();
  }

  @Override
  public final PreparedStatement prepareStatement(String text, int number) throws SQLException {
    throw unsupported();
  }

  @Override
  public final PreparedStatement prepareStatement(String text, int[] numbers) throws SQLException {
    throw unsupported();
  }

  @Override
  public final PreparedStatement prepareStatement(String text, String[] names) throws SQLException {
    throw unsupported();
  }

  @Override
  public final Clob createClob() throws SQLException {
    throw unsupported();
  }

  @Override
  public final Blob createBlob() throws SQLException {
    throw unsupported();
  }

  @Override
  public final NClob createNClob() throws SQLException {
    throw unsupported();
  }

  @Override
  public final SQLXML createSQLXML() throws SQLException {
    throw unsupported();
  }

  @Override
  public final void setClientInfo(String text, String text2) throws SQLClientInfoException {
    throw new SQLClientInfoException();
  }

  @Override
  public final void setClientInfo(Properties properties) throws SQLClientInfoException {
    throw new SQLClientInfoException();
  }

  @Override
  public final String getClientInfo(String text) throws SQLException {
    throw unsupported();
  }

  @Override
  public final Properties getClientInfo() throws SQLException {
    throw unsupported();
  }

  @Override
  public final Array createArrayOf(String text, Object[] values) throws SQLException {
    throw unsupported();
  }

  @Override
  public final Struct createStruct(String text, Object[] values) throws SQLException {
    throw unsupported();
  }

  @Override
  public final void setSchema(String text) throws SQLException {
    throw unsupported();
  }

  private static SQLException unsupported() {
    return new SQLFeatureNotSupportedException("there is no database behind this connection");
  }
}
