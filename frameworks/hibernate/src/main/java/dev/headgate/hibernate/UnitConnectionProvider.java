package dev.headgate.hibernate;

import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.hibernate.engine.jdbc.connections.spi.MultiTenantConnectionProvider;
import org.hibernate.service.UnknownUnwrapTypeException;
import org.jspecify.annotations.Nullable;

/** Gives Hibernate the connections of the current unit of work, and those of its start. */
@SuppressWarnings("serial") // services of Hibernate's are serializable in name only
final class UnitConnectionProvider implements MultiTenantConnectionProvider<String> {

  /** SQLSTATE "connection does not exist". */
  private static final String NO_CONNECTION = "08003";

  private final TenantNames names;
  private final DataSource target;
  private final @Nullable DataSource bootstrap;

  UnitConnectionProvider(TenantNames names, DataSource target, @Nullable DataSource bootstrap) {
    this.names = names;
    this.target = target;
    this.bootstrap = bootstrap;
  }

  @Override
  public Connection getConnection(String tenant) throws SQLException {
    names.requireCurrent(tenant);
    return target.getConnection();
  }

  @Override
  public void releaseConnection(String tenant, Connection connection) throws SQLException {
    connection.close();
  }

  @Override
  public Connection getAnyConnection() throws SQLException {
    if (bootstrap == null) {
      throw new SQLException(
          "Hibernate asks for a connection where there is no tenant, to look at a database or for its"
              + " schema tools: name one by HibernateSettings.bootstrap(…), or switch that off",
          NO_CONNECTION);
    }
    return bootstrap.getConnection();
  }

  @Override
  public void releaseAnyConnection(Connection connection) throws SQLException {
    connection.close();
  }

  /** A handle that is closed after each statement would undo it each time. */
  @Override
  public boolean supportsAggressiveRelease() {
    return false;
  }

  @Override
  public boolean isUnwrappableAs(Class<?> type) {
    return type.isInstance(target);
  }

  @Override
  public <T> T unwrap(Class<T> type) {
    if (!isUnwrappableAs(type)) {
      throw new UnknownUnwrapTypeException(type);
    }
    return type.cast(target);
  }
}
