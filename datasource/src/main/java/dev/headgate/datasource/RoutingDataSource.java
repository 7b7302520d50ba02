package dev.headgate.datasource;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.headgate.datasource.pool.Database;
import dev.headgate.datasource.pool.PoolRegistry;
import dev.headgate.datasource.pool.PoolSettings;
import dev.headgate.datasource.pool.RegistrySnapshot;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Objects;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The data source of an application that serves many databases: inside a unit of work, each
 * connection goes to the database of the unit's tenant. Outside there is no tenant, and so no
 * connection.
 *
 * <pre>{@code
 * RoutingDataSource dataSource = RoutingDataSource.builder(directory).build();
 *
 * try (UnitOfWork work = dataSource.begin(TenantId.of("acme"));
 *     Connection connection = dataSource.getConnection()) {
 *   …
 *   work.commit();
 * }
 * }</pre>
 *
 * <p>Safe for use by many threads. A unit of work is bound to the thread that began it; a new
 * thread inherits nothing.
 */
public final class RoutingDataSource extends BasicDataSource implements AutoCloseable {

  private final DirectoryCache directory;
  private final PoolRegistry registry;
  private final boolean autoCommit;
  private final ThreadScope scope = new ThreadScope();

  private RoutingDataSource(Builder builder) {
    directory = new DirectoryCache(builder.directory, Ticker.systemTicker());
    registry = builder.registry.build();
    autoCommit = builder.autoCommit;
  }

  /** Starts the description of a data source; every setting has a default. */
  public static Builder builder(TenantDirectory directory) {
    return new Builder(directory);
  }

  /**
   * Returns a new handle on the connection of the current unit of work, which is borrowed when the
   * first handle is asked for.
   *
   * @throws NoUnitOfWorkException if there is no current unit of work
   * @throws dev.headgate.datasource.pool.DatabaseUnavailableException if the database can't be
   *     reached, or no connection became free in time
   */
  @Override
  public Connection getConnection() throws SQLException {
    Unit unit = scope.current();
    if (unit == null) {
      throw new NoUnitOfWorkException();
    }
    return unit.handle(autoCommit);
  }

  /**
   * Begins a unit of work for a tenant, as the current one of this thread. Inside a unit of work of
   * the same tenant it joins that one. Does no I/O besides asking the directory.
   *
   * @throws UnknownTenantException if the directory knows no such tenant
   * @throws TenantDirectoryException if the directory fails
   * @throws TenantMismatchException inside a unit of work of another tenant
   */
  public UnitOfWork begin(TenantId tenant) throws SQLException {
    Unit current = requireNoOther(tenant);
    return current != null ? new JoinedUnit(current) : enter(tenant, UnitOptions.defaults(), null);
  }

  /**
   * Begins a unit of work for a tenant with options. There must be no current one, whose options
   * could not be changed any more.
   *
   * @throws IllegalStateException if there is a current unit of work
   * @throws UnknownTenantException if the directory knows no such tenant
   * @throws TenantDirectoryException if the directory fails
   */
  public UnitOfWork begin(TenantId tenant, UnitOptions options) {
    if (requireNoOther(tenant) != null) {
      throw new IllegalStateException(
          "there is a unit of work of tenant \"%s\" on this thread, with its own options: join it by"
                  .formatted(tenant)
              + " begin(tenant), begin an independent one, or close it if it was left open");
    }
    return enter(tenant, options, null);
  }

  /**
   * Begins a unit of work of its own inside the current one, for the same tenant: with its own
   * connection and its own outcome. It is the current one until it is closed. Without a current
   * unit of work this is {@link #begin(TenantId, UnitOptions)}.
   *
   * <p>Both need a connection of the same pool at the same time: a pool smaller than twice the
   * number of such requests can run dry.
   *
   * @throws UnknownTenantException if the directory knows no such tenant
   * @throws TenantDirectoryException if the directory fails
   * @throws TenantMismatchException inside a unit of work of another tenant
   */
  public UnitOfWork beginIndependent(TenantId tenant, UnitOptions options) {
    return enter(tenant, options, requireNoOther(tenant));
  }

  private Unit enter(TenantId tenant, UnitOptions options, @Nullable Unit outer) {
    Unit unit = new Unit(this, tenant, database(tenant), options, outer);
    scope.enter(unit);
    return unit;
  }

  /**
   * Does work in a unit of work of a tenant, commits it, and returns the result. If the work throws
   * anything, it is rolled back, and the caller gets what was thrown.
   *
   * <pre>{@code
   * int count = dataSource.call(tenant, work -> notes.count());
   * }</pre>
   *
   * @param <T> the result
   * @param <X> the checked exception of the work
   * @throws X what the work threw
   * @throws RolledBackException if it was rolled back instead of committed
   * @throws OutcomeUnknownException if it is not known whether it was stored
   * @throws UnknownTenantException if the directory knows no such tenant
   * @throws TenantDirectoryException if the directory fails
   * @throws TenantMismatchException inside a unit of work of another tenant
   */
  public <T, X extends Exception> T call(TenantId tenant, UnitCallback<T, X> callback)
      throws X, SQLException {
    try (UnitOfWork work = begin(tenant)) {
      T result = callback.run(work);
      work.finish();
      return result;
    }
  }

  /**
   * Returns the current unit of work.
   *
   * @throws IllegalStateException if there is none
   */
  public UnitOfWork current() {
    Unit unit = scope.current();
    if (unit == null) {
      throw new IllegalStateException("there is no unit of work here");
    }
    return unit;
  }

  /**
   * Returns a data source of plain pooled connections to a tenant's database, outside any unit of
   * work: in auto-commit mode, each with its own transactions. For migrations and probes. Inside a
   * unit of work of another tenant its {@code getConnection()} throws {@link
   * TenantMismatchException}.
   *
   * @throws UnknownTenantException if the directory knows no such tenant
   * @throws TenantDirectoryException if the directory fails
   */
  public DataSource forTenant(TenantId tenant) {
    requireNoOther(tenant);
    database(tenant);
    return new TenantDataSource(this, tenant);
  }

  /** Returns the current unit of work, if there is one; throws if it is another tenant's. */
  @Nullable Unit requireNoOther(TenantId tenant) {
    Unit current = scope.current();
    if (current != null && !current.tenant().equals(tenant)) {
      throw new TenantMismatchException(tenant, current.tenant());
    }
    return current;
  }

  Database database(TenantId tenant) {
    return directory.find(tenant);
  }

  BorrowedConnection borrow(TenantId tenant, Database database) throws SQLException {
    return BorrowedConnection.from(registry.lease(database, tenant.value()));
  }

  /** Closes the independent units that were begun inside one on this thread and left open. */
  void endInner(Unit unit) throws SQLException {
    Throwable first = null;
    Unit current = scope.current();
    while (current != null && current.isInside(unit)) {
      try {
        current.close();
      } catch (SQLException | RuntimeException | Error e) {
        first = Failures.combine(first, e);
      }
      current = scope.current();
    }
    Failures.rethrow(first);
  }

  void leave(Unit unit) {
    scope.leave(unit);
  }

  /**
   * Returns the pools that are there now; the labels of each are the tenants that it was leased
   * for.
   */
  public RegistrySnapshot snapshot() {
    return registry.snapshot();
  }

  /**
   * Closes the pools: no new connection is given, what runs may finish until the close timeout, and
   * is aborted then. Closing twice does no harm.
   */
  @Override
  public void close() {
    registry.close();
  }

  @Override
  public String toString() {
    return "routing data source";
  }

  /** Describes a data source. Not safe for use by several threads. */
  public static final class Builder {

    private final TenantDirectory directory;
    private final PoolRegistry.Builder registry = PoolRegistry.builder();
    private boolean autoCommit = true;

    private Builder(TenantDirectory directory) {
      this.directory = Objects.requireNonNull(directory, "directory");
    }

    /** Sets the pool settings of databases that have none of their own. */
    public Builder pool(PoolSettings settings) {
      registry.settings(settings);
      return this;
    }

    /**
     * Sets how many pools may give leases at a time; 50 by default.
     *
     * @throws IllegalArgumentException if it is less than 1
     */
    public Builder maximumPools(int maximumPools) {
      registry.maximumPools(maximumPools);
      return this;
    }

    /**
     * Sets after what time without use a pool is closed; 10 minutes by default.
     *
     * @throws IllegalArgumentException if it is not positive, or above 365 days
     */
    public Builder idleExpiry(Duration idleExpiry) {
      registry.idleExpiry(idleExpiry);
      return this;
    }

    /**
     * Sets how long {@link RoutingDataSource#close()} waits for running work; 10 seconds by
     * default.
     *
     * @throws IllegalArgumentException if it is not positive, or above 365 days
     */
    public Builder closeTimeout(Duration closeTimeout) {
      registry.closeTimeout(closeTimeout);
      return this;
    }

    /**
     * Sets whether handles of a unit of work start in auto-commit mode; they do by default, as JDBC
     * says. With false, what a handle has not committed when it is closed is undone.
     */
    public Builder autoCommit(boolean autoCommit) {
      this.autoCommit = autoCommit;
      return this;
    }

    /** Returns the data source as described so far; opens no connection. */
    public RoutingDataSource build() {
      return new RoutingDataSource(this);
    }
  }
}
