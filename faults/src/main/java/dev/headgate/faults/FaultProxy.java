package dev.headgate.faults;

import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A proxy between a pool and a real database server, which sees each COMMIT and can hold it up or
 * lose it, and can make the server hang or vanish.
 *
 * <pre>{@code
 * try (FaultProxy proxy = FaultProxy.to("localhost", postgresPort, Protocol.POSTGRESQL)) {
 *   String url = "jdbc:postgresql://127.0.0.1:" + proxy.port() + "/acme";
 *   proxy.onCommit(CommitFaults.next(CommitFault.cutAfter()));
 *   … // the next COMMIT is executed, and the client never hears of it
 *   proxy.refuse();
 *   … // connections are refused
 *   proxy.restore();
 *   … // all is well
 * }
 * }</pre>
 *
 * <p>It listens on 127.0.0.1 alone. What it does not strike passes byte for byte, but for
 * encryption and compression: the proxy declines them in the server's name. A COMMIT that is one of
 * several statements in one text is not seen.
 *
 * <p>{@link #onCommit} and {@link #hang}, {@link #refuse} and {@link #restore} are independent of
 * each other. Where a client hangs up, the server is told, also by a connection that hangs; so no
 * session outlives its client.
 *
 * <p>Thread-safe.
 */
public final class FaultProxy implements AutoCloseable {

  private enum State {
    /** Connections are made, and pass what comes. */
    PASSING,
    /** Connections are accepted, and all swallow what comes. */
    HANGING,
    /** There are no connections, and none is accepted. */
    REFUSING,
    /** The same, for ever. */
    CLOSED
  }

  private static final Duration LONGEST_CLOSE = Duration.ofSeconds(10);

  private final InetSocketAddress server;
  private final Protocol protocol;
  private final Duration longestClose;
  private final ProxyThreads threads;
  private final AtomicReference<Throwable> failure = new AtomicReference<>();
  private final AtomicLong commitsSeen = new AtomicLong();
  private final AtomicLong roundTrips = new AtomicLong();

  private volatile CommitFaults commitFaults = CommitFaults.none();
  private volatile Duration latency = Duration.ZERO;

  /** Its lock is held by who changes the state, and is taken before this object's. */
  private final Entrance entrance = new Entrance(this::admit);

  private volatile State state = State.PASSING;

  // With this object's lock held.
  private final Set<Link> links = new LinkedHashSet<>();
  private long connectionsMade;

  private FaultProxy(InetSocketAddress server, Protocol protocol, Duration longestClose) {
    this.server = server;
    this.protocol = protocol;
    this.longestClose = longestClose;
    threads = new ProxyThreads("fault-proxy-" + port() + " ");
  }

  /**
   * Starts a proxy, through which all passes.
   *
   * @param host where the server is; it need not be there yet
   * @throws IllegalArgumentException if the host is not known
   * @throws UncheckedIOException if no port can be had
   */
  public static FaultProxy to(String host, int port, Protocol protocol) {
    return to(host, port, protocol, LONGEST_CLOSE);
  }

  static FaultProxy to(String host, int port, Protocol protocol, Duration longestClose) {
    Objects.requireNonNull(protocol, "protocol");
    InetSocketAddress server = new InetSocketAddress(host, port);
    if (server.isUnresolved()) {
      throw new IllegalArgumentException("the server's host \"" + host + "\" is not known");
    }
    FaultProxy proxy = new FaultProxy(server, protocol, longestClose);
    proxy.entrance.open();
    return proxy;
  }

  /** The port of 127.0.0.1 at which it listens, the same one until it is closed. */
  public int port() {
    return entrance.port();
  }

  /** From now on, these faults are asked about each COMMIT; they replace those before. */
  public void onCommit(CommitFaults faults) {
    commitFaults = Objects.requireNonNull(faults, "faults");
  }

  /**
   * Swallows all that comes from now on, in both directions. Connections stay open, and new ones
   * are accepted and never answered.
   *
   * @throws IllegalStateException if it is closed
   */
  public void hang() {
    synchronized (entrance) {
      enter(State.HANGING);
      entrance.open();
    }
  }

  /**
   * Cuts all connections and refuses new ones.
   *
   * @throws IllegalStateException if it is closed
   */
  public void refuse() {
    synchronized (entrance) {
      enter(State.REFUSING);
      entrance.shut();
      cutAll();
    }
  }

  /**
   * Ends {@link #hang} and {@link #refuse}. What was swallowed does not come back: connections that
   * lost something, and those that were made meanwhile, stay silent until somebody closes them.
   *
   * @throws IllegalStateException if it is closed
   */
  public void restore() {
    synchronized (entrance) {
      enter(State.PASSING);
      entrance.open();
    }
  }

  /** Closes all connections on both sides. A COMMIT that is paused is lost, or its answer is. */
  public synchronized void cutAll() {
    List.copyOf(links).forEach(Link::cut);
  }

  /** How many connections are open now, those that hang included. */
  public synchronized int openConnections() {
    return links.size();
  }

  /** How many connections were ever accepted. */
  public synchronized long connectionsMade() {
    return connectionsMade;
  }

  /** How many COMMITs have arrived, but for those that a hanging connection swallowed. */
  public long commitsSeen() {
    return commitsSeen.get();
  }

  /**
   * Has each message of the server be on its way for this long, so that it is seen which messages
   * of a client do not wait for it.
   */
  public void latency(Duration latency) {
    this.latency = latency;
  }

  /** Waits as long as a message of the server is on its way. */
  void travel() throws InterruptedException {
    TimeUnit.NANOSECONDS.sleep(latency.toNanos());
  }

  /**
   * How many times a client has spoken after the server had, over all connections. What a client
   * sends in one go counts once, however many messages that is.
   */
  public long roundTrips() {
    return roundTrips.get();
  }

  /**
   * Cuts all connections, frees the port and waits until its threads have ended, for 10 seconds at
   * most. A second call does nothing more.
   *
   * @throws IllegalStateException if a thread does not end; or if the faults on COMMIT threw
   *     something, or a client or server did not talk as the protocol wants it, which is the cause
   */
  @Override
  public void close() {
    synchronized (entrance) {
      state = State.CLOSED;
      entrance.leave();
      cutAll();
    }
    threads.awaitEnd(longestClose);
    Throwable first = failure.getAndSet(null);
    if (first != null) {
      throw new IllegalStateException("a connection failed in the proxy: " + first, first);
    }
  }

  /** Counts the COMMIT and asks what it meets. */
  CommitFault decide(Link link) {
    Commit commit = new Commit(commitsSeen.incrementAndGet(), link.number());
    return Objects.requireNonNull(commitFaults.decide(commit), "fault on COMMIT");
  }

  void countRoundTrip() {
    roundTrips.incrementAndGet();
  }

  boolean hangs() {
    return state == State.HANGING;
  }

  ProxyThreads threads() {
    return threads;
  }

  void fail(Throwable e) {
    failure.compareAndSet(null, e);
  }

  synchronized void forget(Link link) {
    links.remove(link);
  }

  private void enter(State next) {
    if (state == State.CLOSED) {
      throw new IllegalStateException("the proxy at port " + port() + " is closed");
    }
    state = next;
  }

  private synchronized void admit(Socket client) {
    if (state == State.REFUSING || state == State.CLOSED) {
      Entrance.closeQuietly(client);
      return;
    }
    connectionsMade++;
    Link link =
        new Link(
            this, connectionsMade, client, hangs() ? null : server, protocol.newConversation());
    links.add(link);
    link.start();
  }
}
