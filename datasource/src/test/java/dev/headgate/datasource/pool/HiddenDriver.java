package dev.headgate.datasource.pool;

import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverPropertyInfo;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.Properties;
import java.util.logging.Logger;

/** A driver that no service file names but the one of {@link WebappClassLoader}. */
public final class HiddenDriver implements Driver {

  /** For the service loader. */
  public HiddenDriver() {}

  @Override
  public boolean acceptsURL(String url) {
    return url.startsWith("jdbc:hidden:");
  }

  @Override
  public Connection connect(String url, Properties info) throws SQLException {
    throw new SQLException("no need to connect");
  }

  @Override
  public DriverPropertyInfo[] getPropertyInfo(String url, Properties info) {
    return new DriverPropertyInfo[0];
  }

  @Override
  public int getMajorVersion() {
    return 1;
  }

  @Override
  public int getMinorVersion() {
    return 0;
  }

  @Override
  public boolean jdbcCompliant() {
    return false;
  }

  @Override
  public Logger getParentLogger() throws SQLFeatureNotSupportedException {
    throw new SQLFeatureNotSupportedException("no logs");
  }
}
