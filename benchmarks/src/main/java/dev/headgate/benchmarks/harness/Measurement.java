package dev.headgate.benchmarks.harness;

/** Something that can be measured, on its own and within minutes. */
public interface Measurement {

  /** Returns the name by which it is asked for, and with which its results begin. */
  String name();

  /** Returns what it measures, in a line. */
  String summary();

  /** Measures, and reports. Leaves nothing behind: no thread, no file, no process. */
  void run(Length length, Report report) throws Exception;
}
