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
  private final @Nullable Dialect dialect;
  private final Secrets secrets;
  private volatile int loginTimeout;
  private volatile boolean closed;

  DriverDataSource(Driver driver, Database database) {
    this.driver = driver;
    this.database = database;
    this.dialect = Dialect.of(database.url());
    this.secrets = new Secrets(database);
  }

  @Override
  public Connection getConnection() throws SQLException {
    Connection connection = connect();
    if (connection == null) {
      throw new SQLException(
          "the driver %s accepted %s and then declined to connect"
              .formatted(driver.getClass().getName(), database.address()));
    }
    if (closed) {
      connection.close();
      throw new SQLException("the pool was closed while %s connected".formatted(database));
    }
    try {
      return new PhysicalConnection(connection, dialect);
    } catch (SQLException | RuntimeException | Error e) {
      try {
        connection.close();
      } catch (SQLException | RuntimeException | Error later) {
        e.addSuppressed(later);
      }
      throw e;
    }
  }

  private @Nullable Connection connect() throws SQLException {
    try {
      return driver.connect(database.url(), database.connectionProperties());
    } catch (SQLException | RuntimeException | Error e) {
      if (secrets.areShownBy(e)) {
        throw secrets.hiddenIn(e);
      }
      throw e;
    }
  }

  /** Lets no connection live that is established from now on: HikariCP would lose it. */
  void close() {
    closed = true;
  }

  @Override
  public Connection getConnection(String user, String password) throws SQLException {
    throw new SQLFeatureNotSupportedException("user and password belong to the Database");
  }

  /**
   * Returns what HikariCP has set: when a pool closes, it waits so long for a connect under way.
   */
  @Override
  public int getLoginTimeout() {
    return loginTimeout;
  }

  /** Sets nothing in the driver, whose own properties bound its connects. */
  @Override
  public void setLoginTimeout(int seconds) {
    loginTimeout = seconds;
  }

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
