package dev.headgate.faults;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Predicate;

/**
 * A tiny transactional database in memory, any JDBC call to which can be made to fail, to hang or
 * to lose its connection.
 *
 * <pre>{@code
 * try (StubDatabase database = StubDatabase.create("acme")) {
 *   database.arm("Connection.commit()"::equals, Fault.breakAfter());
 *   … // work with DriverManager.getConnection(database.url()), directly or through a pool
 *   assertThat(database.committed()).containsExactly("a");
 * }
 * }</pre>
 *
 * <p>It stores tokens, each as often as it was inserted, and understands this SQL, in plain and in
 * prepared statements and in batches. A token is any text; {@code ?} stands for the first
 * parameter.
 *
 * <table>
 * <caption>SQL</caption>
 * <tr><td>{@code INSERT token}</td><td>inserts a row</td></tr>
 * <tr><td>{@code DELETE token}</td><td>deletes the rows of that token</td></tr>
 * <tr><td>{@code SELECT}</td><td>finds the rows committed and the transaction's own; one column,
 *     {@code token}</td></tr>
 * <tr><td>{@code DUPLICATE}</td><td>fails with 23505; the transaction goes on</td></tr>
 * <tr><td>{@code ABORT}</td><td>fails with 22012 and aborts the transaction as PostgreSQL does:
 *     statements and savepoints fail with 25P02 until a rollback, also one to a savepoint; COMMIT
 *     returns normally and rolls back</td></tr>
 * <tr><td>{@code DEADLOCK}</td><td>fails with 40001 and rolls back as MySQL does: work and
 *     savepoints are gone, what follows is a new transaction</td></tr>
 * <tr><td>{@code WARN text}</td><td>adds a warning to the connection</td></tr>
 * <tr><td>anything else</td><td>changes no rows and succeeds</td></tr>
 * </table>
 *
 * <p>Every call of a client on a {@code Connection}, {@code Statement}, {@code ResultSet}, {@code
 * Savepoint} or {@code DatabaseMetaData}, and {@code Driver.connect}, is logged and can meet a
 * {@link Fault}; {@code toString}, {@code hashCode} and {@code equals} are not calls. A call's name
 * is the type that the client asked for, the method and the arguments: {@code
 * Connection.setAutoCommit(false)}, {@code Statement.executeUpdate(INSERT a)}, {@code
 * PreparedStatement.executeUpdate()}, {@code Connection.setNetworkTimeout(Executor, 5000)}.
 *
 * <p>Thread-safe. A call that a fault blocks holds no lock.
 */
public final class StubDatabase implements AutoCloseable {

  static final String URL_PREFIX = "jdbc:stub:";

  private static final ConcurrentMap<String, StubDatabase> BY_URL = new ConcurrentHashMap<>();

  private final String url;
  private final Server server = new Server();
  private final Calls calls = new Calls(server);

  private StubDatabase(String url) {
    this.url = url;
  }

  /**
   * Creates an empty database at {@code jdbc:stub:NAME}.
   *
   * @throws IllegalArgumentException if the name is blank
   * @throws IllegalStateException if there is one of that name that is not closed
   */
  public static StubDatabase create(String name) {
    if (name.isBlank()) {
      throw new IllegalArgumentException("the name of a stub database cannot be blank");
    }
    StubDatabase created = new StubDatabase(URL_PREFIX + name);
    if (BY_URL.putIfAbsent(created.url, created) != null) {
      throw new IllegalStateException("there is a stub database \"" + name + "\"; close it first");
    }
    return created;
  }

  static StubDatabase at(String url) {
    return BY_URL.get(url);
  }

  /** Frees the name: connecting fails from now on. Open connections and this object go on. */
  @Override
  public void close() {
    BY_URL.remove(url, this);
  }

  /** Where {@link StubDriver} finds it. */
  public String url() {
    return url;
  }

  /**
   * Arms a fault for the next call whose name is accepted.
   *
   * @param call accepts names as in {@link #calls()}; asked once for each call, under the lock
   * @return the armed fault, to be awaited, disarmed or made to strike {@link ArmedFault#always()}
   */
  public ArmedFault arm(Predicate<String> call, Fault fault) {
    return calls.arm(call, 0, fault);
  }

  /**
   * Arms a fault for one call to come, whatever it is.
   *
   * @param index which one, counted from now, from 0
   * @return the armed fault, as from {@link #arm}
   */
  public ArmedFault armAt(int index, Fault fault) {
    if (index < 0) {
      throw new IllegalArgumentException("the index of a call to come cannot be " + index);
    }
    return calls.arm(call -> true, index, fault);
  }

  /** Disarms every armed fault. */
  public void disarmAll() {
    calls.disarmAll();
  }

  /** The names of the calls made since the last {@link #resetCalls()}, in order; a copy. */
  public List<String> calls() {
    return calls.made();
  }

  /** Empties {@link #calls()}. Faults armed by index go on counting. */
  public void resetCalls() {
    calls.reset();
  }

  /** The tokens of the committed rows, in the order of their commit; a copy. */
  public List<String> committed() {
    synchronized (server) {
      return server.committed();
    }
  }

  /** How many physical connections are open, broken ones that no client closed included. */
  public int openConnections() {
    synchronized (server) {
      return server.open().size();
    }
  }

  /** How many physical connections were ever opened. */
  public int connectionsMade() {
    synchronized (server) {
      return server.made();
    }
  }

  /** How many physical connections were closed or aborted, each counted once. */
  public int connectionsClosed() {
    synchronized (server) {
      return server.closed();
    }
  }

  /** The open physical connections, in the order they were made; a copy. */
  public List<ConnectionState> states() {
    synchronized (server) {
      return server.open().stream().map(PhysicalConnection::state).toList();
    }
  }

  /** {@link #isClean(Settings)} with {@link Settings#INITIAL}. */
  public boolean isClean() {
    return isClean(Settings.INITIAL);
  }

  /**
   * Whether no open connection is in a transaction and all have these settings. Those on which the
   * client called {@code close()} or {@code abort()} in vain do not matter: nobody gets them again.
   *
   * @param expected what the connections' pool should have set
   */
  public boolean isClean(Settings expected) {
    return states().stream()
        .filter(state -> !state.closeCalled())
        .allMatch(state -> !state.inTransaction() && state.settings().equals(expected));
  }

  Connection connect() throws SQLException {
    PhysicalConnection connection = new PhysicalConnection(server);
    try {
      return calls.make("Driver.connect(" + url + ")", connection, () -> open(connection));
    } catch (SQLException | RuntimeException | Error e) {
      // A fault after the effect: the client has no connection that it could close.
      synchronized (server) {
        connection.close();
      }
      throw e;
    }
  }

  private Connection open(PhysicalConnection connection) {
    connection.open();
    return new ConnectionCalls(calls, connection, url).client();
  }
}
