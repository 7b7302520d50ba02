package dev.headgate.datasource;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;

/**
 * Failures with which InnoDB, in MariaDB and MySQL, has undone a whole transaction, and a SQLSTATE
 * that does not say so. The next statement quietly begins another transaction, so that a probe
 * finds nothing.
 */
final class InnoDb {

  /**
   * A row was changed since it was first read (with {@code innodb_snapshot_isolation}, the default
   * since MariaDB 11.6.2), and too many locks for the memory that there is for them.
   */
  private static final Set<Integer> ALL_UNDONE = Set.of(1020, 1206);

  /** A lock was waited for too long. */
  private static final Set<Integer> LOCK_TIMEOUT = Set.of(1205);

  private InnoDb() {}

  /** Returns whether the transaction in which this was thrown is undone; may ask the database. */
  static boolean hasUndoneAll(Throwable failure, Connection connection) {
    return Failures.hasCode(failure, ALL_UNDONE)
        || (Failures.hasCode(failure, LOCK_TIMEOUT) && undoesAllOnTimeout(connection));
  }

  /** By default only the statement is undone, and the application may try it again. */
  private static boolean undoesAllOnTimeout(Connection connection) {
    try (Statement statement = connection.createStatement();
        ResultSet setting = statement.executeQuery("SELECT @@innodb_rollback_on_timeout")) {
      return !setting.next() || setting.getBoolean(1);
    } catch (SQLException | RuntimeException e) {
      return true;
    }
  }
}
