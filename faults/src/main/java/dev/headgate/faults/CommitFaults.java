package dev.headgate.faults;

import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Decides what each COMMIT meets; see {@link FaultProxy#onCommit}.
 *
 * <p>It is asked by the thread of the connection, so by many at once, and has to be thread-safe.
 * What it throws cuts the connection and is reported by {@link FaultProxy#close()}.
 */
@FunctionalInterface
public interface CommitFaults {

  /** Tells what this COMMIT meets: never null, but {@link CommitFault#none()}. */
  CommitFault decide(Commit commit);

  /** Lets every COMMIT pass. */
  static CommitFaults none() {
    return commit -> CommitFault.none();
  }

  /** The first COMMIT that it is asked about meets the fault, all others pass. */
  static CommitFaults next(CommitFault fault) {
    AtomicBoolean met = new AtomicBoolean();
    return commit -> met.getAndSet(true) ? CommitFault.none() : fault;
  }
}
