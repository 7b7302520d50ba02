package dev.headgate.datasource;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.headgate.datasource.pool.Database;
import dev.headgate.datasource.pool.PoolListener;
import dev.headgate.datasource.pool.PoolRegistry;
import dev.headgate.datasource.pool.PoolSettings;
import dev.headgate.datasource.pool.RegistrySnapshot;
import dev.headgate.datasource.pool.Restriction;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
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
 * <p>Safe for use by many threads. A unit of work is bound to the thread that began it, unless the
 * builder's {@code scope} says otherwise; a new thread inherits nothing.
 */
public final class RoutingDataSource extends BasicDataSource implements AutoCloseable {

  private final Route own;
  private final Map<String, BindDataSource> binds;
  private final PoolRegistry registry;
  private final Leasing leasing;
  private final Restrictions restrictions = new Restrictions();
  private final Units units;
  private final TenantTasks tasks;
  private final Optional<TenantId> onlyTenant;
  private final Transactions transactions;

  private RoutingDataSource(Builder builder) {
    transactions = builder.transactions;
    onlyTenant = builder.onlyTenant;
    registry = builder.registry.autoCommit(builder.transactions == Transactions.NONE).build();
    List<Route> routes = new ArrayList<>();
    leasing = new Leasing(registry, routes);
    own = Route.own(builder.lookup(builder.directory, leasing));
    routes.add(own);
    builder.binds.forEach(
        (name, bind) -> routes.add(new Route(routes.size(), name, builder.lookup(bind, leasing))));
    units =
        new Units(
            own,
            leasing,
            restrictions,
            builder.scope == null ? new ThreadScope() : new KeyedScope(builder.scope),
            builder.transactions,
            builder.autoCommit);
    tasks = new TenantTasks(units);
    binds =
        routes.stream()
            .filter(route -> route != own)
            .collect(
                Collectors.toUnmodifiableMap(
                    Route::bind, route -> new BindDataSource(units, route)));
  }

  /** Starts the description of a data source; every setting has a default. */
  public static Builder builder(TenantDirectory directory) {
    return new Builder(directory);
  }

  /**
   * Starts the description of a data source of one database, that of the tenant {@link
   * TenantId#ONLY}; every setting has a default.
   */
  public static Builder builder(Database database) {
    Builder builder = new Builder(TenantDirectory.of(Map.of(TenantId.ONLY.value(), database)));
    builder.onlyTenant = Optional.of(TenantId.ONLY);
    return builder;
  }

  /**
   * Returns a data source with these settings, as a configuration file has them; opens no
   * connection. The keys are those of the document on configuration.
   *
   * @throws IllegalArgumentException if a setting is unknown, malformed or missing; the message
   *     begins with its key, or that of its group, and never has a password
   */
  public static RoutingDataSource of(Map<String, String> settings) {
    return new DataSourceSettings(settings).build();
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
    return units.connection(own);
  }

  /**
   * Returns the tenant of an application with one database, {@link TenantId#ONLY}; empty if there
   * is a directory.
   */
  public Optional<TenantId> onlyTenant() {
    return onlyTenant;
  }

  /** Returns who decides about transactions, as the builder was told. */
  public Transactions transactions() {
    return transactions;
  }

  /**
   * Returns the data source of a bind: a further database in the same unit of work, with a
   * connection of its own there and the unit's outcome. Its {@code getConnection()} throws {@link
   * NoUnitOfWorkException} outside a unit of work, and {@link TenantDirectoryException} if the
   * bind's function fails or knows no database for the tenant.
   *
   * @throws IllegalArgumentException if the builder has named no such bind
   */
  public DataSource bind(String name) {
    BindDataSource bind = binds.get(name);
    if (bind == null) {
      throw new IllegalArgumentException(
          "there is no bind \"%s\", but %s: name it in the builder"
              .formatted(name, binds.keySet()));
    }
    return bind;
  }

  /**
   * Begins a unit of work for a tenant, as the current one. Inside a unit of work of the same
   * tenant it joins that one. Does no I/O besides asking the directory.
   *
   * @throws UnknownTenantException if the directory knows no such tenant
   * @throws TenantDirectoryException if the directory fails
   * @throws TenantSuspendedException if the tenant is suspended
   * @throws TenantMismatchException inside a unit of work of another tenant
   * @throws UnitInUseException if another thread has the unit that it would join
   * @throws SQLException if the place can't be marked in the unit that it joins
   */
  public UnitOfWork begin(TenantId tenant) throws SQLException {
    return units.begin(tenant);
  }

  /**
   * Begins a unit of work for a tenant with options. There must be no current one, whose options
   * could not be changed any more.
   *
   * @throws IllegalStateException if there is a current unit of work, save for a rehearsal
   * @throws IllegalArgumentException if there are options that {@link Transactions#NONE} has not
   * @throws UnknownTenantException if the directory knows no such tenant
   * @throws TenantDirectoryException if the directory fails
   * @throws TenantMismatchException inside a rehearsal of another tenant
   * @throws UnitInUseException if another thread has the rehearsal
   * @throws SQLException if the place can't be marked in a rehearsal
   */
  public UnitOfWork begin(TenantId tenant, UnitOptions options) throws SQLException {
    return units.begin(tenant, options);
  }

  /**
   * Begins a unit of work of its own inside the current one, for the same tenant: with its own
   * connection and its own outcome. It is the current one until it is closed. Without a current
   * unit of work this is {@link #begin(TenantId, UnitOptions)}.
   *
   * <p>Both need a connection of the same pool at the same time: a pool smaller than twice the
   * number of such requests can run dry. Who already has one goes first then, and if all wait for
   * each other, one gets a {@link dev.headgate.datasource.pool.BorrowDeadlockException} at once.
   *
   * @throws UnknownTenantException if the directory knows no such tenant
   * @throws TenantDirectoryException if the directory fails
   * @throws TenantMismatchException inside a unit of work of another tenant
   * @throws IllegalStateException if it shall be a rehearsal, which can't begin inside another unit
   * @throws IllegalArgumentException if there are options that {@link Transactions#NONE} has not
   * @throws SQLException if the place can't be marked in a rehearsal
   */
  public UnitOfWork beginIndependent(TenantId tenant, UnitOptions options) throws SQLException {
    return units.beginIndependent(tenant, options);
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
   * @throws PartialCommitException if only some of several databases were committed
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
    Unit unit = units.current();
    if (unit == null) {
      throw new IllegalStateException("there is no unit of work here");
    }
    return unit;
  }

  /**
   * Returns a data source of plain pooled connections to a tenant's database, outside any unit of
   * work: in auto-commit mode, each with its own transactions. For migrations, probes, and what
   * frameworks ask at their start. Its {@code getConnection()} throws {@link
   * TenantMismatchException} inside a unit of work of another tenant, too.
   *
   * @throws UnknownTenantException if the directory knows no such tenant
   * @throws TenantDirectoryException if the directory fails
   * @throws TenantMismatchException inside a unit of work of another tenant
   */
  public DataSource forTenant(TenantId tenant) {
    units.requireNoOther(tenant);
    own.database(tenant);
    return new TenantDataSource(units, leasing, own, tenant);
  }

  /**
   * Returns a task that carries the tenant that is current now: it runs in a unit of work of its
   * own for that tenant, which is committed when it returns, and rolled back if it throws. Outside
   * a unit of work there is no tenant to carry, and the task runs as it is.
   *
   * <p>If the commit fails, the task throws an {@link UncheckedSQLException}.
   */
  public Runnable wrap(Runnable task) {
    return tasks.carrying(Objects.requireNonNull(task, "task"));
  }

  /**
   * Returns a task that carries the tenant that is current now, as {@link #wrap(Runnable)} does. If
   * the commit fails, it throws the {@link SQLException}.
   *
   * @param <T> the result
   */
  public <T extends @Nullable Object> Callable<T> wrap(Callable<T> task) {
    return tasks.carrying(Objects.requireNonNull(task, "task"));
  }

  /** Returns an executor that {@linkplain #wrap(Runnable) wraps} each task that it is given. */
  public Executor wrap(Executor executor) {
    Objects.requireNonNull(executor, "executor");
    return task -> executor.execute(tasks.carrying(task));
  }

  /**
   * Returns an executor that {@linkplain #wrap(Callable) wraps} each task that it is given.
   * Shutting it down shuts the given one down.
   */
  public ExecutorService wrap(ExecutorService executor) {
    return new TenantExecutorService(Objects.requireNonNull(executor, "executor"), tasks);
  }

  /**
   * Lets nothing begin for a tenant any more, until {@link #resume}: units of work and connections
   * of {@link #forTenant} are refused with a {@link TenantSuspendedException}, requests with 503.
   * What runs goes on to its end. Takes the place of what was said here before.
   *
   * <p>A directory can say the same, by {@link Database#restricted}: the stricter one holds.
   *
   * @param reason one line for operators, for the log and exceptions; clients don't see it
   * @throws IllegalArgumentException if the reason is blank or has control characters in it
   */
  public void suspend(TenantId tenant, String reason) {
    restrictions.restrict(tenant, Restriction.suspended(reason));
  }

  /**
   * Has the database refuse what units of work and connections that begin from now on write for a
   * tenant, in its own database and in binds, until {@link #resume}. What it throws then has a
   * {@link TenantReadOnlyException} with it. What runs goes on to its end. Takes the place of what
   * was said here before.
   *
   * <p>Where a database can't be told to refuse writes, as H2, there is no connection meanwhile,
   * but a {@link dev.headgate.datasource.pool.DatabaseUnavailableException}.
   *
   * @param reason one line for operators, as for {@link #suspend}
   * @throws IllegalArgumentException if the reason is blank or has control characters in it
   */
  public void readOnly(TenantId tenant, String reason) {
    restrictions.restrict(tenant, Restriction.readOnly(reason));
  }

  /** Takes back what {@link #suspend} and {@link #readOnly} have said of a tenant. */
  public void resume(TenantId tenant) {
    restrictions.resume(tenant);
  }

  /**
   * Returns the tenants that are suspended or read only by {@link #suspend} and {@link #readOnly};
   * a copy. What the directory says is not among them.
   */
  public Map<TenantId, Restriction> restrictions() {
    return restrictions.all();
  }

  /**
   * Lets the pools go that were leased for a tenant, and forgets what the directory said of it: the
   * next unit of work asks. What runs finishes on the old pools, which close then; who comes before
   * that revives them. The pools are also those of tenants with which it shares them. Does nothing
   * for a tenant that has no pool.
   */
  public void evict(TenantId tenant) {
    leasing.evict(tenant);
  }

  /**
   * Asks the directory again where the databases of a tenant are, as happens by itself when its
   * answer has been remembered for long enough. If it has moved, new units of work go there; those
   * that run finish where they are, and the old pool closes then, unless it is another tenant's,
   * too. If the directory fails, its answer of before stays, as long as it is good for that. A
   * properties file is looked at every second anyway, and not oftener for this.
   *
   * @throws TenantDirectoryException if the directory fails, and there is no answer of before
   */
  public void refresh(TenantId tenant) {
    leasing.refresh(tenant);
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
    private Optional<TenantId> onlyTenant = Optional.empty();
    private final Map<String, TenantDirectory> binds = new LinkedHashMap<>();
    private final PoolRegistry.Builder registry = PoolRegistry.builder();
    private DirectorySettings directorySettings = DirectorySettings.defaults();
    private Transactions transactions = Transactions.UNIT;
    private boolean autoCommit = true;
    private @Nullable Supplier<? extends @Nullable Object> scope;

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
     * Sets how many connections all pools together may have open to one server, for each server
     * that has no budget of its own; 80 by default, or the maximum size of a pool if that is more.
     * Below what the server allows, divided by the instances of the application. A server is host
     * and port of the URL; embedded databases have no budget.
     *
     * @throws IllegalArgumentException if it is less than 1
     */
    public Builder budget(int connections) {
      registry.budget(connections);
      return this;
    }

    /**
     * Sets how many connections all pools together may have open to a server.
     *
     * @param server host and port as in the URL, such as {@code db.example.com:5432}, or the name
     *     that a {@link Database} gives its server
     * @throws IllegalArgumentException if the number is less than 1
     */
    public Builder budget(String server, int connections) {
      registry.budget(server, connections);
      return this;
    }

    /**
     * Sets how long someone waits for a connection to a server before one that another pool gets
     * back is closed for them, although that pool has waiters of its own; 20 milliseconds by
     * default.
     *
     * @throws IllegalArgumentException if it is not positive, or above 365 days
     */
    public Builder patience(Duration patience) {
      registry.patience(patience);
      return this;
    }

    /**
     * Sets how much time there is at most between two attempts to connect to what can't be
     * connected to; 5 seconds by default. Meanwhile all who need a new connection there are refused
     * at once, with a {@link dev.headgate.datasource.pool.DatabaseUnavailableException}.
     *
     * @throws IllegalArgumentException if it is not positive, or above 365 days
     */
    public Builder longestRetryInterval(Duration interval) {
      registry.longestRetryInterval(interval);
      return this;
    }

    /**
     * Has connections reported that are held for longer than this: in the log, once each, with the
     * tenant, the request and where they were taken, and in the snapshot as long as they are held.
     * Not by default, since each borrow then notes where it is, which takes some microseconds.
     *
     * @throws IllegalArgumentException if it is not positive, or above 365 days
     */
    public Builder reportHeldAfter(Duration duration) {
      registry.reportHeldAfter(duration);
      return this;
    }

    /** Adds someone who hears what happens to the pools. */
    public Builder listener(PoolListener listener) {
      registry.listener(listener);
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

    /** Sets who decides about transactions; the unit of work by default. */
    public Builder transactions(Transactions transactions) {
      this.transactions = Objects.requireNonNull(transactions, "transactions");
      return this;
    }

    /** Sets how long the answers of directories are remembered. */
    public Builder directory(DirectorySettings settings) {
      this.directorySettings = Objects.requireNonNull(settings, "settings");
      return this;
    }

    /**
     * Names one more database, the same for all tenants, for {@link RoutingDataSource#bind}. Units
     * of work that use several databases commit the tenant's own first, and then the binds in the
     * order of these calls.
     *
     * @throws IllegalArgumentException if the name is blank, or taken by another bind, or the URL
     *     has <code>{tenant}</code> in it
     */
    public Builder bind(String name, Database database) {
      Objects.requireNonNull(database, "database");
      Optional<Database> found = Optional.of(TemplateDirectory.withoutPlace(database));
      return bindThrough(name, (InMemoryDirectory) tenant -> found);
    }

    /**
     * Names one more database for each tenant, for {@link RoutingDataSource#bind}. The function's
     * answers are remembered as those of a directory.
     *
     * @throws IllegalArgumentException if the name is blank, or taken by another bind
     */
    public Builder bind(String name, Function<TenantId, Database> databases) {
      Objects.requireNonNull(databases, "databases");
      String missing = "bind \"%s\" has no database for the tenant".formatted(name);
      return bindThrough(
          name, tenant -> Optional.of(Objects.requireNonNull(databases.apply(tenant), missing)));
    }

    Builder bindThrough(String name, TenantDirectory directory) {
      if (name.isBlank()) {
        throw new IllegalArgumentException("the name of a bind is blank");
      }
      if (binds.putIfAbsent(name, directory) != null) {
        throw new IllegalArgumentException("bind \"%s\" was already named".formatted(name));
      }
      return this;
    }

    /**
     * Binds the current unit of work to a key of the application's in place of the thread, such as
     * the identifier of a job that several threads work on in turns. Whatever thread has the key
     * has the unit; the application sees to it that there is only one at a time, and that each sees
     * what the one before it did.
     *
     * @param key returns the key of the caller, which has {@code equals} and {@code hashCode}; null
     *     where there is none, and the unit is bound to the thread
     */
    public Builder scope(Supplier<? extends @Nullable Object> key) {
      this.scope = Objects.requireNonNull(key, "key");
      return this;
    }

    private Lookup lookup(TenantDirectory asked, Leasing leasing) {
      if (asked instanceof PropertiesDirectory file) {
        return new FileLookup(file, leasing::moved);
      }
      return asked instanceof InMemoryDirectory inMemory
          ? new DirectLookup(inMemory)
          : new DirectoryCache(asked, directorySettings, Ticker.systemTicker(), leasing::moved);
    }

    /**
     * Returns the data source as described so far; opens no connection.
     *
     * @throws IllegalStateException if {@code autoCommit(false)} was said together with {@link
     *     Transactions#NONE}
     * @throws IllegalArgumentException if a pool may become larger than a budget
     */
    public RoutingDataSource build() {
      if (transactions == Transactions.NONE && !autoCommit) {
        throw new IllegalStateException(
            "autoCommit(false) is for handles of a unit of work's transaction: with"
                + " Transactions.NONE connections start in auto-commit mode");
      }
      return new RoutingDataSource(this);
    }
  }
}
