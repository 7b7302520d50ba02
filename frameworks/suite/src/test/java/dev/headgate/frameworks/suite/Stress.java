package dev.headgate.frameworks.suite;

/** Whether this is the long form of the tests. */
final class Stress {

  static final boolean ON = Boolean.getBoolean("headgate.stress");

  private Stress() {}
}
