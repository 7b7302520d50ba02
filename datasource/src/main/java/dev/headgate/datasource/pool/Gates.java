package dev.headgate.datasource.pool;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The failure gates that whoever needs a new connection of a pool has to pass: the pool's own, and
 * that of its server. What is true of the whole server is found out by one of its pools for all.
 *
 * <p>Safe for use by many threads.
 */
final class Gates {

  private static final Logger log = LoggerFactory.getLogger(PoolRegistry.class);

  private final Database database;
  private final FailureGate own;

  /** Null if it is on no server that others are on. */
  private final @Nullable ServerGate server;

  Gates(Database database, FailureGate own, @Nullable ServerGate server) {
    this.database = database;
    this.own = own;
    this.server = server;
  }

  FailureGate own() {
    return own;
  }

  /** Whether one of them is open: nobody may connect without {@link #tryProbe}. */
  boolean areOpen() {
    return own.isOpen() || (server != null && server.gate().isOpen());
  }

  /** Whether nobody may connect at this time. */
  boolean refuse(long now) {
    return own.refuses(now) || (server != null && server.gate().refuses(now));
  }

  /**
   * Lets one through who connects although one of them is open, if it is time.
   *
   * @param lost from when on the probe counts as failed, if nothing was heard of it
   * @return null if not
   */
  @Nullable Probe tryProbe(long now, long lost) {
    if (refuse(now)) {
      return null;
    }
    Object byServer = server == null ? null : server.gate().tryProbe(now, lost);
    Object byPool = own.tryProbe(now, lost);
    Probe probe = new Probe(byPool, byServer);
    // Another thread may have been quicker at one of them.
    if ((byPool == null && byServer == null) || refusesOthersThan(probe, now)) {
      leave(probe, now);
      return null;
    }
    return probe;
  }

  private boolean refusesOthersThan(Probe probe, long now) {
    return (probe.own() == null && own.refuses(now))
        || (server != null && probe.server() == null && server.gate().refuses(now));
  }

  /** Whoever was let through has not connected, nor tried to. */
  void leave(Probe probe, long now) {
    own.leave(probe.own(), now);
    if (server != null) {
      server.gate().leave(probe.server(), now);
    }
  }

  /** A connection was opened. */
  void connected(long now) {
    logClosed(own.succeeded(now), database);
    answered(now);
  }

  /** The server is there, whatever it has said. */
  private void answered(long now) {
    if (server != null) {
      server.doubt().end();
      logClosed(server.gate().succeeded(now), server.name());
    }
  }

  /**
   * Somebody could not connect.
   *
   * @param begun when it was begun
   */
  void failed(ConnectFailure failure, Probe probe, long begun, long now) {
    switch (failure.reach()) {
      case LOGIN -> {
        answered(now);
        ownFailed(failure, probe, begun, now);
      }
      case POOL -> {
        ownFailed(failure, probe, begun, now);
        // It says nothing about the server, and the next one may probe that.
        leave(probe, now);
      }
      case PERHAPS_SERVER -> {
        ownFailed(failure, probe, begun, now);
        if (server != null && (probe.server() != null || server.doubt().isSharedBy(own, now))) {
          serverFailed(server, failure, probe, begun, now);
        }
      }
      case SERVER -> {
        if (server == null) {
          ownFailed(failure, probe, begun, now);
        } else {
          serverFailed(server, failure, probe, begun, now);
          // It says nothing about the pool.
          leave(probe, now);
        }
      }
    }
  }

  private void ownFailed(ConnectFailure failure, Probe probe, long begun, long now) {
    if (own.failed(failure, probe.own(), begun, now)) {
      logOpened(database, failure);
    }
  }

  private static void serverFailed(
      ServerGate server, ConnectFailure failure, Probe probe, long begun, long now) {
    if (server.gate().failed(failure.forOthers(), probe.server(), begun, now)) {
      logOpened(server.name(), failure);
    }
  }

  private static void logOpened(Object which, ConnectFailure failure) {
    log.warn(
        "{}: can't be connected to, and is tried by one at a time until it can: {}",
        which,
        failure.reason());
  }

  private static void logClosed(boolean wasOpen, Object which) {
    if (wasOpen) {
      log.info("{}: connects again", which);
    }
  }

  /**
   * Returns what to tell who is turned away.
   *
   * @return null if they are closed
   */
  @Nullable Refusal refusal(long now) {
    Refusal byServer = server == null ? null : server.gate().refusal(now);
    Refusal byPool = own.refusal(now);
    if (byServer == null || byPool == null) {
      return byServer == null ? byPool : byServer;
    }
    return byServer.retryNanos() > byPool.retryNanos() ? byServer : byPool;
  }

  /** Begins a test of whether the server answers, if there is one and nobody knows that now. */
  boolean tryTest(long now) {
    return server != null && !server.gate().isOpen() && server.doubt().tryTest(now);
  }

  void tested(long now) {
    if (server != null) {
      server.doubt().tested(now);
    }
  }
}
