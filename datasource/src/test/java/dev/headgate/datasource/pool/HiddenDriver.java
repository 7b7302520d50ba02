package dev.headgate.datasource.pool;

import dev.headgate.faults.TestDriver;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Properties;

/** A driver that no service file names but the one of {@link WebappClassLoader}. */
public final class HiddenDriver extends TestDriver {

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
}
