package dev.headgate.faults;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** The one way by which a client's calls reach the stub: each is logged and may meet a fault. */
final class Calls {

  /** What a call does when no fault keeps it from it. Performed under the database's lock. */
  interface Effect<T> {
    T perform() throws SQLException;
  }

  private final Object lock;
  private final List<String> made = new ArrayList<>();
  private final List<ArmedFault> armed = new ArrayList<>();

  Calls(Object lock) {
    this.lock = lock;
  }

  <T> T make(String call, PhysicalConnection connection, Effect<T> effect) throws SQLException {
    List<ArmedFault> faults = met(call);
    // The lock is free while a fault strikes, since a strike may block.
    for (ArmedFault fault : faults) {
      fault.strike(Fault.Moment.BEFORE, connection);
    }
    T result;
    synchronized (lock) {
      result = effect.perform();
    }
    for (ArmedFault fault : faults) {
      fault.strike(Fault.Moment.AFTER, connection);
    }
    return result;
  }

  private List<ArmedFault> met(String call) {
    synchronized (lock) {
      made.add(call);
      return armed.stream().filter(fault -> fault.meets(call)).toList();
    }
  }

  ArmedFault arm(Predicate<String> awaited, int toPass, Fault fault) {
    synchronized (lock) {
      ArmedFault added = new ArmedFault(lock, awaited, toPass, fault);
      armed.add(added);
      return added;
    }
  }

  void disarmAll() {
    synchronized (lock) {
      armed.forEach(ArmedFault::disarm);
      armed.clear();
    }
  }

  List<String> made() {
    synchronized (lock) {
      return List.copyOf(made);
    }
  }

  void reset() {
    synchronized (lock) {
      made.clear();
    }
  }
}
