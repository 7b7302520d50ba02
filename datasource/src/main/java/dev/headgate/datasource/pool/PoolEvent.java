package dev.headgate.datasource.pool;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Something that has happened to a pool. Immutable.
 *
 * @param kind what has happened
 * @param at when, by the system's clock
 * @param pool the pool's name, unique in this process
 * @param database where its connections lead
 * @param labels for whom it was leased, in alphabetical order, by the time when the listener hears
 *     of the event; for one that is just made that may not be known yet
 * @param server the server whose budget its connections count against; embedded databases have none
 * @param reason why it was evicted; for {@link Kind#EVICTED} alone
 */
public record PoolEvent(
    Kind kind,
    Instant at,
    String pool,
    Database database,
    List<String> labels,
    Optional<String> server,
    Optional<EvictionReason> reason) {

  /** What can happen. */
  public enum Kind {
    /** The pool was made for someone who leases it. */
    MADE,
    /** It was evicted: it gives no more leases, and drains if there are any. */
    EVICTED,
    /**
     * It was evicted, or the registry closed, while it was leased; the last lease has come back.
     */
    DRAINED,
    /** It was leased again while it drained, and is open as before. */
    REVIVED,
    /** It was not leased for the idle expiry, and is closed. */
    EXPIRED,
    /** Its connections have been closed. */
    CLOSED,
    /** An idle connection of it was given up for someone who waited for its server. */
    RECLAIMED,
    /**
     * Someone has to wait for a connection of it, since the budget of its server is used up and no
     * connection there idle. There is at most one such event a second for a server; the snapshot
     * counts all of them.
     */
    BUDGET_EXHAUSTED
  }
}
