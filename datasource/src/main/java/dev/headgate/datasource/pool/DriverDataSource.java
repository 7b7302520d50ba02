package dev.headgate.datasource.pool;

import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Opens physical connections for HikariCP through the driver itself, since a pool that HikariCP
 * makes from a JDBC URL sets {@code DriverManager}'s login timeout for the whole JVM.
 */
final class DriverDataSource implements DataSource {

  private final Driver driver;
  private final Database database;

  DriverDataSource(Driver driver, Database database) {
    this.driver = driver;
    this.database = database;
  }

  @Override
  public Connection getConnection() throws SQLException {
    Connection connection = driver.connect(database.url(), database.connectionProperties());
    if (connection == null) {
      throw new SQLException(
          "the driver %s accepted %s and then declined to connect"
              .formatted(driver.getClass().getName(), database.address()));
    }
    return new PhysicalConnection(connection);
  }

  @Override
  public Connection getConnection(String user, String password) throws SQLException {
    throw new SQLFeatureNotSupportedException("user and password belong to the Database");
  }

  /** Says which login timeout is set: none, the driver's own holds. */
  @Override
  public int getLoginTimeout() {
    return 0;
  }

  /** Does nothing: HikariCP calls it for every pool, and the driver's properties decide. */
  @Override
  public void setLoginTimeout(int seconds) {}

  @Override
  public @Nullable PrintWriter getLogWriter() {
    return null;
  }

  @Override
  public void setLogWriter(@Nullable PrintWriter out) throws SQLException {
    throw new SQLFeatureNotSupportedException("logs go to slf4j");
  }

  @Override
  public Logger getParentLogger() throws SQLFeatureNotSupportedException {
    return driver.getParentLogger();
  }

  @Override
  public <T> T unwrap(Class<T> type) throws SQLException {
    if (type.isInstance(this)) {
      return type.cast(this);
    }
    throw new SQLException("not a " + type.getName());
  }

  @Override
  public boolean isWrapperFor(Class<?> type) {
    return type.isInstance(this);
  }

  /** HikariCP logs it. */
  @Override
  public String toString() {
    return database.toString();
  }
}
