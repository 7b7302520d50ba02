package dev.headgate.faults;

import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLWarning;
import java.sql.Savepoint;

/**
 * The server's side of one connection. Its methods are called with the server's lock held, except
 * the two that happen outside a call's effect and take it themselves.
 */
final class PhysicalConnection {

  private final Server server;
  private int number;
  private Settings settings = Settings.INITIAL;
  private Transaction transaction = new Transaction();
  private SQLWarning warnings;
  private int savepointsMade;
  private boolean broken;
  private boolean closed;
  private boolean closeCalled;

  PhysicalConnection(Server server) {
    this.server = server;
  }

  void open() {
    number = server.admit(this);
  }

  void close() {
    transaction = new Transaction();
    closed = true;
    server.dismiss(this);
  }

  /** Remembers that the client asked for it, even if a fault prevents it. Takes the lock. */
  void closeCalled() {
    synchronized (server) {
      closeCalled = true;
    }
  }

  /** Loses the connection: the server rolls back, the client gets the failure. Takes the lock. */
  void breakDown() throws SQLException {
    synchronized (server) {
      broken = true;
      transaction = new Transaction();
    }
    throw lost();
  }

  boolean isClosed() {
    return closed;
  }

  boolean isValid() {
    return !closed && !broken;
  }

  void checkUsable() throws SQLException {
    if (closed) {
      throw new SQLException("closed: " + this);
    }
    if (broken) {
      throw lost();
    }
  }

  Settings settings() {
    return settings;
  }

  void set(String property, Object value) {
    settings = settings.with(property, value);
  }

  void setAutoCommit(boolean autoCommit) {
    // JDBC: a change in the middle of a transaction commits it.
    if (autoCommit && !settings.autoCommit()) {
      endByCommit();
    }
    set(Settings.AUTO_COMMIT, autoCommit);
  }

  Answer run(Command command) throws SQLException {
    Answer answer = runInTransaction(command);
    if (command.verb().equals("WARN")) {
      warn(command.token());
    }
    return answer;
  }

  private Answer runInTransaction(Command command) throws SQLException {
    if (!settings.autoCommit()) {
      return transaction.run(command, server.committed());
    }
    try {
      Answer answer = transaction.run(command, server.committed());
      server.commit(transaction);
      return answer;
    } finally {
      transaction = new Transaction();
    }
  }

  void commit() throws SQLException {
    refuseInAutoCommit("commit");
    endByCommit();
  }

  void rollback() throws SQLException {
    refuseInAutoCommit("rollback");
    transaction = new Transaction();
  }

  int nextSavepointId() throws SQLException {
    refuseInAutoCommit("setSavepoint");
    savepointsMade++;
    return savepointsMade;
  }

  void mark(Savepoint savepoint) throws SQLException {
    transaction.mark(savepoint);
  }

  void rollBackTo(Savepoint savepoint) throws SQLException {
    refuseInAutoCommit("rollback to a savepoint");
    transaction.rollBackTo(savepoint);
  }

  void release(Savepoint savepoint) throws SQLException {
    refuseInAutoCommit("releaseSavepoint");
    transaction.release(savepoint);
  }

  SQLWarning warnings() {
    return warnings;
  }

  void clearWarnings() {
    warnings = null;
  }

  ConnectionState state() {
    return new ConnectionState(number, transaction.hasBegun(), broken, closeCalled, settings);
  }

  private void endByCommit() {
    server.commit(transaction);
    transaction = new Transaction();
  }

  private void warn(String reason) {
    SQLWarning warning = new SQLWarning(reason, "01000");
    if (warnings == null) {
      warnings = warning;
    } else {
      warnings.setNextWarning(warning);
    }
  }

  private void refuseInAutoCommit(String what) throws SQLException {
    if (settings.autoCommit()) {
      throw new SQLException(what + " is not possible while auto-commit is on", "25P01");
    }
  }

  private SQLException lost() {
    return new SQLNonTransientConnectionException("broken: " + this, "08006");
  }

  @Override
  public String toString() {
    return "stub connection " + number;
  }
}
