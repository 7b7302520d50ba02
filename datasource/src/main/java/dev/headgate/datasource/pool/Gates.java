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
  private final @Nullable String serverName;
  private final @Nullable FailureGate server;

  /**
   * Makes those of a pool.
   *
   * @param server null if it is on no server that others are on
   */
  Gates(
      Database database,
      FailureGate own,
      @Nullable String serverName,
      @Nullable FailureGate server) {
    this.database = database;
    this.own = own;
    this.serverName = serverName;
    this.server = server;
  }

  FailureGate own() {
    return own;
  }

  /** Whether one of them is open: nobody may try to connect without {@link #tryEnter}. */
  boolean areOpen() {
    return own.isOpen() || (server != null && server.isOpen());
  }

  /** Whether nobody may try to connect at this time. */
  boolean refuse(long now) {
    return own.refuses(now) || (server != null && server.refuses(now));
  }

  /**
   * Lets one through who tries to connect although one of them is open, if it is time.
   *
   * @param lost from when on the attempt counts as failed, if nothing was heard of it
   */
  boolean tryEnter(long now, long lost) {
    if (server == null || !server.isOpen()) {
      return own.tryEnter(now, lost);
    }
    if (own.refuses(now) || !server.tryEnter(now, lost)) {
      return false;
    }
    if (own.isOpen() && !own.tryEnter(now, lost)) {
      // Another thread was quicker there.
      server.leave(now);
      return false;
    }
    return true;
  }

  /** Whoever was let through has not tried. */
  void leave(long now) {
    own.leave(now);
    if (server != null) {
      server.leave(now);
    }
  }

  /** A connection was opened. */
  void connected(long now) {
    closed(own.succeeded(now), database);
    if (server != null) {
      closed(server.succeeded(now), serverName);
    }
  }

  private static void closed(boolean wasOpen, @Nullable Object which) {
    if (wasOpen) {
      log.info("{}: connects again", which);
    }
  }

  /**
   * An attempt to connect has failed.
   *
   * @param begun when it was begun
   */
  void failed(ConnectFailure failure, long begun, long now) {
    switch (failure.reach()) {
      case LOGIN -> {
        if (server != null) {
          closed(server.succeeded(now), serverName);
        }
        failed(own, database, failure, begun, now);
      }
      case POOL -> {
        if (server != null) {
          // It says nothing about the server, and the next one may try.
          server.leave(now);
        }
        failed(own, database, failure, begun, now);
      }
      case PERHAPS_SERVER -> {
        failed(own, database, failure, begun, now);
        if (server != null && (server.isOpen() || server.isDoubtedAlsoBy(own, now))) {
          serverFailed(server, failure, begun, now);
        }
      }
      case SERVER -> {
        if (server == null) {
          failed(own, database, failure, begun, now);
        } else {
          serverFailed(server, failure, begun, now);
          // It was let through its own one, too.
          own.leave(now);
        }
      }
    }
  }

  private static void failed(
      FailureGate gate, Database which, ConnectFailure failure, long begun, long now) {
    if (gate.failed(failure, begun, now)) {
      logOpened(which, failure);
    }
  }

  private void serverFailed(FailureGate gate, ConnectFailure failure, long begun, long now) {
    if (gate.failed(failure.forOthers(), begun, now)) {
      logOpened(serverName, failure);
    }
  }

  private static void logOpened(@Nullable Object which, ConnectFailure failure) {
    log.warn(
        "{}: can't be connected to, and is tried by one at a time until it can: {}",
        which,
        failure.reason());
  }

  /**
   * Returns what to tell who is turned away.
   *
   * @return null if they are closed
   */
  FailureGate.@Nullable Refusal refusal(long now) {
    FailureGate.Refusal byServer = server == null ? null : server.refusal(now);
    FailureGate.Refusal byPool = own.refusal(now);
    if (byServer == null || byPool == null) {
      return byServer == null ? byPool : byServer;
    }
    return byServer.retryNanos() > byPool.retryNanos() ? byServer : byPool;
  }

  /** Begins a test of whether the server answers, if there is one and nobody knows that now. */
  boolean tryTest(long now) {
    return server != null && server.tryTest(now);
  }

  void tested(long now) {
    if (server != null) {
      server.tested(now);
    }
  }
}
