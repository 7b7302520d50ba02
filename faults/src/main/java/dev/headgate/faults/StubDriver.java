package dev.headgate.faults;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.util.Properties;

/**
 * The JDBC driver of every {@link StubDatabase}, for URLs of the form {@code jdbc:stub:NAME}.
 *
 * <p>{@link DriverManager} finds it by itself. Of its own methods only {@link #connect} is counted
 * and can meet a {@link Fault}. Thread-safe.
 */
public final class StubDriver extends TestDriver {

  static {
    try {
      DriverManager.registerDriver(new StubDriver());
    } catch (SQLException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** Creates another instance; {@link DriverManager} already has one. */
  public StubDriver() {}

  /**
   * Opens a physical connection to the stub database that the URL names.
   *
   * @return the connection, or null if the URL is another driver's
   * @throws SQLException with SQLState 08001 if there is no stub database of that name, and
   *     whatever fault the call meets
   */
  @Override
  public Connection connect(String url, Properties info) throws SQLException {
    if (!acceptsURL(url)) {
      return null;
    }
    StubDatabase database = StubDatabase.at(url);
    if (database == null) {
      throw new SQLNonTransientConnectionException("no stub database at " + url, "08001");
    }
    return database.connect();
  }

  @Override
  public boolean acceptsURL(String url) {
    return url.startsWith(StubDatabase.URL_PREFIX);
  }
}
