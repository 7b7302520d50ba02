package dev.headgate.datasource;

import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** What data sources have to answer besides giving connections, and what these refuse. */
abstract class BasicDataSource implements DataSource {

  /** Refused: who connects is said by the tenant's {@code Database}. */
  @Override
  public final Connection getConnection(String user, String password) throws SQLException {
    throw new SQLFeatureNotSupportedException("user and password belong to the tenant's Database");
  }

  /** Returns 0: the pool's borrow timeout holds. */
  @Override
  public final int getLoginTimeout() {
    return 0;
  }

  /** Refused: the pool's borrow timeout holds. */
  @Override
  public final void setLoginTimeout(int seconds) throws SQLException {
    throw new SQLFeatureNotSupportedException("timeouts belong to the PoolSettings");
  }

  /** Returns null: there is no log writer. */
  @Override
  public final @Nullable PrintWriter getLogWriter() {
    return null;
  }

  /** Refused: logs go to slf4j. */
  @Override
  public final void setLogWriter(@Nullable PrintWriter out) throws SQLException {
    throw new SQLFeatureNotSupportedException("logs go to slf4j");
  }

  /** Refused: logs go to slf4j. */
  @Override
  public final Logger getParentLogger() throws SQLFeatureNotSupportedException {
    throw new SQLFeatureNotSupportedException("logs go to slf4j");
  }

  @Override
  public final <T> T unwrap(Class<T> type) throws SQLException {
    if (type.isInstance(this)) {
      return type.cast(this);
    }
    throw new SQLException("%s is no %s".formatted(this, type.getName()));
  }

  @Override
  public final boolean isWrapperFor(Class<?> type) {
    return type.isInstance(this);
  }
}
