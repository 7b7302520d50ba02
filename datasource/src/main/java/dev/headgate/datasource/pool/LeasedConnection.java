package dev.headgate.datasource.pool;

import java.sql.DatabaseMetaData;
import java.sql.SQLClientInfoException;
import java.sql.SQLException;
import java.sql.ShardingKey;
import java.sql.Statement;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * A pooled connection from its borrow to its return, which is its {@link #close()}: it goes back
 * clean, or is destroyed. HikariCP alone keeps a connection whose reset has failed, does not reset
 * the schema and the like, and does not roll back work that it has not seen.
 *
 * <p>Not safe for use by several threads.
 */
final class LeasedConnection extends ForwardingConnection {

  /** The settings do not take long enough to need another thread. */
  private static final Executor SAME_THREAD = Runnable::run;

  private static final int UNCHANGED = -1;

  private final Pool pool;
  private final Fetched fetched;

  /** Where the lease goes back to with this connection; null if someone else has it. */
  private @Nullable PoolRegistry lessor;

  private int isolationBefore = UNCHANGED;
  private int timeoutBefore = UNCHANGED;
  private boolean readOnly;

  /** Whether it may not be made writable. */
  private boolean restricted;

  private boolean autoCommit;
  private boolean unwrapped;

  /** Whether a transaction may have begun that HikariCP does not know of. */
  private boolean unseen;

  /** Null if nobody wants to hear of connections that are held for long. */
  private @Nullable Holding holding;

  /** Volatile, since any thread may abort it. */
  private volatile boolean aborted;

  private boolean condemned;

  /** Volatile, so that whoever aborts sees that it is another one's, or is seen. */
  private volatile boolean closed;

  LeasedConnection(Pool pool, Fetched fetched) {
    super(fetched.pooled());
    this.pool = pool;
    this.fetched = fetched;
    this.autoCommit = pool.autoCommit();
  }

  Pool pool() {
    return pool;
  }

  void heldAs(Holding taken) {
    holding = taken;
  }

  /** From now on this connection has the lease on its pool. */
  void keepLease(PoolRegistry registry) {
    lessor = registry;
  }

  /** Whether its borrower has it, and can still use it. */
  boolean isHeld() {
    try {
      return !isClosed();
    } catch (SQLException e) {
      return false;
    }
  }

  boolean keepsLease(PoolRegistry registry) {
    return lessor == registry;
  }

  /** Decides that no one else may get this connection. */
  void condemn() {
    condemned = true;
  }

  @Override
  public boolean isClosed() throws SQLException {
    return closed || aborted || delegate.isClosed();
  }

  @Override
  public boolean getAutoCommit() {
    return autoCommit;
  }

  @Override
  public void setAutoCommit(boolean value) throws SQLException {
    if (autoCommit != value) {
      change(() -> delegate.setAutoCommit(value));
      autoCommit = value;
      if (readOnly) {
        tellSession();
      }
    }
  }

  /** Refused writes stay refused. */
  @Override
  public void setReadOnly(boolean value) throws SQLException {
    if (readOnly != value && (value || !restricted)) {
      change(() -> delegate.setReadOnly(value));
      readOnly = value;
      tellSession();
    }
  }

  /** Has the database refuse writes, whatever else is said, until this goes back. */
  void restrict() throws SQLException {
    restricted = true;
    setReadOnly(true);
  }

  /** Tells the session itself that this only reads, where the driver does not; or not any more. */
  private void tellSession() throws SQLException {
    Whereabouts whereabouts = whereabouts();
    Dialect dialect = whereabouts.dialect();
    boolean told = whereabouts.refusesWrites();
    if (dialect == null || readOnly == told) {
      return;
    }
    String sql = dialect.access(readOnly);
    if (sql != null && (told || !whereabouts.seesToReadOnly(autoCommit))) {
      whereabouts.refuseWrites(readOnly);
      boolean apart = !autoCommit && dialect.isAccessRolledBack();
      change(() -> tellSession(sql, apart));
    }
  }

  /**
   * No transaction is open when a connection becomes read-only or writable: drivers refuse that.
   */
  private void tellSession(String sql, boolean apart) throws SQLException {
    if (apart) {
      delegate.setAutoCommit(true);
    }
    try (Statement statement = delegate.createStatement()) {
      statement.execute(sql);
    }
    if (apart) {
      delegate.setAutoCommit(false);
    }
  }

  /** Sets the isolation level, unless it is the same already. */
  @Override
  public void setTransactionIsolation(int level) throws SQLException {
    int before = delegate.getTransactionIsolation();
    if (before != level) {
      change(() -> delegate.setTransactionIsolation(level));
      if (isolationBefore == UNCHANGED) {
        isolationBefore = before;
      }
    }
  }

  @Override
  public void setNetworkTimeout(Executor executor, int milliseconds) throws SQLException {
    int before = delegate.getNetworkTimeout();
    change(() -> delegate.setNetworkTimeout(executor, milliseconds));
    if (timeoutBefore == UNCHANGED) {
      timeoutBefore = before;
    }
  }

  @FunctionalInterface
  private interface Change {
    void make() throws SQLException;
  }

  /** Makes a change; if it fails, no one knows whether it was made, and so what to change back. */
  private void change(Change change) throws SQLException {
    boolean made = false;
    try {
      change.make();
      made = true;
    } finally {
      condemned |= !made;
    }
  }

  // What these two change is set for the next borrower, where that is known to be possible.

  @Override
  public void setSchema(@Nullable String schema) throws SQLException {
    condemned |= !whereabouts().leave(Dialect.Kind.SCHEMA);
    unseen = true;
    delegate.setSchema(schema);
  }

  @Override
  public void setCatalog(@Nullable String catalog) throws SQLException {
    condemned |= !whereabouts().leave(Dialect.Kind.CATALOG);
    unseen = true;
    delegate.setCatalog(catalog);
  }

  // What follows leaves a state behind that JDBC has no means to undo.

  @Override
  public void setHoldability(int holdability) throws SQLException {
    condemned = true;
    delegate.setHoldability(holdability);
  }

  @Override
  public void setTypeMap(Map<String, Class<?>> map) throws SQLException {
    condemned = true;
    delegate.setTypeMap(map);
  }

  @Override
  public void setClientInfo(String name, @Nullable String value) throws SQLClientInfoException {
    condemned = true;
    delegate.setClientInfo(name, value);
  }

  @Override
  public void setClientInfo(Properties properties) throws SQLClientInfoException {
    condemned = true;
    delegate.setClientInfo(properties);
  }

  @Override
  public void setShardingKey(ShardingKey key) throws SQLException {
    condemned = true;
    delegate.setShardingKey(key);
  }

  @Override
  public void setShardingKey(ShardingKey key, ShardingKey superKey) throws SQLException {
    condemned = true;
    delegate.setShardingKey(key, superKey);
  }

  @Override
  public boolean setShardingKeyIfValid(ShardingKey key, int timeout) throws SQLException {
    condemned = true;
    return delegate.setShardingKeyIfValid(key, timeout);
  }

  @Override
  public boolean setShardingKeyIfValid(ShardingKey key, ShardingKey superKey, int timeout)
      throws SQLException {
    condemned = true;
    return delegate.setShardingKeyIfValid(key, superKey, timeout);
  }

  @Override
  public void abort(Executor executor) throws SQLException {
    aborted = true;
    condemned = true;
    // After the lines before: whoever hands it back meanwhile sees that, or is seen here.
    if (!closed) {
      delegate.abort(executor);
    }
  }

  @Override
  public <T> T unwrap(Class<T> type) throws SQLException {
    T own = delegate.unwrap(type);
    whereabouts().doubt();
    unseen = true;
    unwrapped = true;
    return own;
  }

  @Override
  public DatabaseMetaData getMetaData() throws SQLException {
    unseen = true;
    return delegate.getMetaData();
  }

  @Override
  public String getSchema() throws SQLException {
    unseen = true;
    return delegate.getSchema();
  }

  @Override
  public boolean isValid(int timeout) throws SQLException {
    unseen = true;
    return delegate.isValid(timeout);
  }

  @Override
  public boolean isWrapperFor(Class<?> type) throws SQLException {
    return delegate.isWrapperFor(type);
  }

  @Override
  public void close() throws SQLException {
    if (closed) {
      return;
    }
    closed = true;
    boolean clean = false;
    try {
      boolean broken = hasBroken();
      // There is nothing to restore then.
      if (!condemned && !broken && !isAltered()) {
        restore();
        clean = true;
      }
    } finally {
      try {
        if (clean) {
          pool.giveBack(fetched);
        } else {
          pool.discard(fetched);
        }
      } finally {
        endHolding();
        giveLeaseBack();
      }
    }
  }

  /** Whether it has failed in use, so that HikariCP has closed it. */
  private boolean hasBroken() throws SQLException {
    boolean broken = delegate.isClosed();
    if (broken && !aborted) {
      pool.doubt();
    }
    return broken;
  }

  private void endHolding() {
    if (holding != null) {
      holding.end();
    }
  }

  private void giveLeaseBack() {
    if (lessor != null) {
      lessor.release(pool);
    }
  }

  /**
   * Closes this connection as {@link #close()} does, but leaves it and its lease to the caller, if
   * it is clean and nothing was changed on it that HikariCP looks after.
   *
   * @return null if both were given back
   */
  @Nullable Fetched handBack() throws SQLException {
    if (closed || condemned || unseen || hasChanged() || delegate.isClosed()) {
      close();
      return null;
    }
    boolean clean = false;
    try {
      endUse();
      clean = !aborted && !delegate.isClosed();
    } finally {
      endHolding();
      if (clean) {
        delegate = ClosedConnection.INSTANCE;
      } else {
        try {
          pool.discard(fetched);
        } finally {
          giveLeaseBack();
        }
      }
    }
    return clean ? fetched : null;
  }

  private void endUse() throws SQLException {
    try {
      setAutoCommit(pool.autoCommit());
      delegate.clearWarnings();
    } finally {
      closed = true;
    }
  }

  private boolean hasChanged() {
    return readOnly || isolationBefore != UNCHANGED || timeoutBefore != UNCHANGED;
  }

  private Whereabouts whereabouts() {
    return fetched.physical().whereabouts();
  }

  /** Whether who has the driver's own connection has changed its mode behind our back. */
  private boolean isAltered() throws SQLException {
    // HikariCP would say what it has set itself.
    return unwrapped && fetched.physical().getAutoCommit() != autoCommit;
  }

  private void restore() throws SQLException {
    if (!autoCommit && (unseen || hasChanged() || pool.autoCommit())) {
      // HikariCP would do it, but not for what it has not seen, and after the resets; and turning
      // auto-commit mode on commits.
      delegate.rollback();
    }
    if (autoCommit != pool.autoCommit()) {
      change(() -> delegate.setAutoCommit(pool.autoCommit()));
      autoCommit = pool.autoCommit();
    }
    // What the session was told is cleared for the next one.
    if (readOnly) {
      change(() -> delegate.setReadOnly(false));
      readOnly = false;
    }
    if (isolationBefore != UNCHANGED) {
      delegate.setTransactionIsolation(isolationBefore);
    }
    if (timeoutBefore != UNCHANGED) {
      delegate.setNetworkTimeout(SAME_THREAD, timeoutBefore);
    }
  }

  @Override
  public String toString() {
    return "connection of pool " + pool.name();
  }
}
