package dev.headgate.containers.history;

import dev.headgate.datasource.Outcome;
import dev.headgate.datasource.UnitOfWork;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** What a request has done, as its application sees it. Safe for use by many threads. */
final class Trace {

  /** How many tokens a request can have. */
  static final int TOKENS = 64;

  /** From this byte on, the body was written when so many tokens were. */
  private record Part(long offset, int tokens) {}

  private final Plan plan;

  /** What was written and not undone, in its order. */
  private final List<Long> tokens = new ArrayList<>(4);

  /** How many tokens there were when a transaction may have ended. */
  private final TreeSet<Integer> bounds = new TreeSet<>();

  private final Set<Long> independent = new LinkedHashSet<>(0);
  private final Set<Long> independentUnknown = new LinkedHashSet<>(0);
  private final List<Part> parts = new ArrayList<>(4);
  private final List<String> events = new ArrayList<>();
  private final List<Outcome> actions = new ArrayList<>(1);

  /** For a client that waits for a moment. */
  private final CountDownLatch begun = new CountDownLatch(1);

  private final CountDownLatch ending = new CountDownLatch(1);
  private int attempts;
  private int committed;
  private long written;
  private boolean doubted;
  private boolean registered;
  private boolean paged;
  private @Nullable Outcome outcome;
  private @Nullable Heard heard;

  Trace(Plan plan) {
    this.plan = plan;
  }

  Plan plan() {
    return plan;
  }

  CountDownLatch begun() {
    return begun;
  }

  boolean hasBegun() {
    return begun.getCount() == 0;
  }

  CountDownLatch ending() {
    return ending;
  }

  /** Has the unit of work tell its outcome. */
  synchronized void register(UnitOfWork work) {
    work.onCommitted(() -> acted(Outcome.COMMITTED));
    work.onRolledBack(() -> acted(Outcome.ROLLED_BACK));
    work.onUnknown(() -> acted(Outcome.UNKNOWN));
    registered = true;
  }

  private synchronized void acted(Outcome kind) {
    actions.add(kind);
  }

  /** Remembers something for who has to find out what went wrong. */
  synchronized void event(String event) {
    events.add(Thread.currentThread().getName() + ": " + event);
  }

  /** Returns a token that was never used. */
  synchronized long next() {
    return (long) plan.index() * TOKENS + attempts++;
  }

  /** These were written, and stay if the transaction does. */
  synchronized void wrote(long... more) {
    for (long token : more) {
      tokens.add(token);
    }
  }

  synchronized void wroteIndependently(long token, boolean known) {
    (known ? independent : independentUnknown).add(token);
  }

  /** A transaction may end here. */
  synchronized void bound() {
    bounds.add(tokens.size());
  }

  /** A commit has succeeded. */
  synchronized void committed() {
    committed = tokens.size();
  }

  /** It is not known whether a commit has succeeded. */
  synchronized void doubted() {
    doubted = true;
  }

  synchronized boolean isDoubted() {
    return doubted;
  }

  /** So many bytes of the body follow; returns where they begin. */
  synchronized long writing(int length) {
    parts.add(new Part(written, tokens.size()));
    long from = written;
    written += length;
    return from;
  }

  synchronized void outcome(@Nullable Outcome told) {
    outcome = told;
  }

  /** The failure page has written a token. */
  synchronized void paged() {
    paged = true;
  }

  synchronized void heard(Heard answer) {
    heard = answer;
  }

  synchronized List<Long> tokens() {
    return List.copyOf(tokens);
  }

  synchronized Set<Integer> bounds() {
    return Set.copyOf(bounds);
  }

  synchronized int firstBound() {
    return bounds.isEmpty() ? tokens.size() : bounds.first();
  }

  /** Returns how many tokens a commit has confirmed to the application. */
  synchronized int confirmed() {
    return committed;
  }

  /** Returns how many tokens had been written when the application wrote this much of the body. */
  synchronized int tokensBefore(long bytes) {
    return parts.stream()
        .filter(part -> part.offset < bytes)
        .mapToInt(part -> part.tokens)
        .max()
        .orElse(0);
  }

  synchronized long written() {
    return written;
  }

  synchronized Set<Long> independent() {
    return Set.copyOf(independent);
  }

  synchronized Set<Long> independentUnknown() {
    return Set.copyOf(independentUnknown);
  }

  synchronized boolean hasRegistered() {
    return registered;
  }

  synchronized boolean hasPaged() {
    return paged;
  }

  long pageToken() {
    return (long) plan.index() * TOKENS + TOKENS - 1;
  }

  synchronized List<Outcome> actions() {
    return List.copyOf(actions);
  }

  synchronized @Nullable Outcome outcome() {
    return outcome;
  }

  synchronized @Nullable Heard heard() {
    return heard;
  }

  @Override
  public synchronized String toString() {
    return ("%s%n  heard: %s%n  tokens %s, bounds %s, confirmed %d, independent %s, outcome %s,"
            + " actions %s, %d bytes in %s%n  %s")
        .formatted(
            plan,
            heard,
            tokens,
            bounds,
            committed,
            independent,
            outcome,
            actions,
            written,
            parts,
            String.join("\n  ", events));
  }
}
