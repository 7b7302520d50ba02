package dev.headgate.faults;

import java.lang.reflect.Method;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.SQLException;

/** A {@link DatabaseMetaData}, as the client sees it. */
final class MetaDataCalls extends CountedCalls<DatabaseMetaData> {

  private final ConnectionCalls owner;
  private final String url;

  MetaDataCalls(ConnectionCalls owner, String url) {
    super(DatabaseMetaData.class, owner.calls(), owner.connection());
    this.owner = owner;
    this.url = url;
  }

  @Override
  void checkUsable() throws SQLException {
    connection().checkUsable();
  }

  @Override
  Object answer(Method method, Object[] args) {
    return switch (method.getName()) {
      case "getConnection" -> owner.client();
      case "getURL" -> url;
      case "getDatabaseProductName", "getDriverName" -> "Stub";
      case "getDatabaseProductVersion", "getDriverVersion" -> "1.0";
      case "getDatabaseMajorVersion", "getDriverMajorVersion" -> 1;
      case "getJDBCMajorVersion" -> 4;
      case "getDefaultTransactionIsolation" -> Connection.TRANSACTION_READ_COMMITTED;
      case "supportsTransactions",
          "supportsSavepoints",
          "supportsTransactionIsolationLevel",
          "supportsBatchUpdates" ->
          true;
      default -> plain(method);
    };
  }

  @Override
  public String toString() {
    return "metadata of " + owner;
  }
}
