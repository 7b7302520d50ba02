package dev.headgate.benchmarks.harness;

import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** What a measurement says: lines and tables as it goes, and the results at the end. */
public final class Report {

  private final PrintStream out;
  private final Map<String, String> results = new LinkedHashMap<>();

  /** Makes a report that is printed there. */
  public Report(PrintStream out) {
    this.out = out;
  }

  /** Prints a line at once. */
  public void line(String text) {
    out.println(text);
  }

  /** Prints a table at once. */
  public void table(Table table) {
    table.lines().forEach(out::println);
  }

  /**
   * Remembers a result for the end.
   *
   * @param format the form of the value, as {@link String#format} has it
   */
  public void result(String name, String format, Object value) {
    results.put(name, String.format(Locale.ROOT, format, value));
  }

  /** Prints the results: lines with {@code RESULT}, name and value. */
  public void printResults() {
    results.forEach((name, value) -> out.println("RESULT " + name + " " + value));
  }
}
