package dev.headgate.benchmarks.harness;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Rows of texts, of which the first columns stand to the left and the others to the right. */
public final class Table {

  private final int columnsToTheLeft;
  private final List<List<String>> rows = new ArrayList<>();

  /** Makes a table with a head. */
  public Table(int columnsToTheLeft, String... head) {
    this.columnsToTheLeft = columnsToTheLeft;
    rows.add(List.of(head));
  }

  /**
   * Adds a row.
   *
   * @throws IllegalArgumentException if it has not as many columns as the head
   */
  public void row(String... cells) {
    if (cells.length != rows.get(0).size()) {
      throw new IllegalArgumentException(
          "%d cells below %d heads".formatted(cells.length, rows.get(0).size()));
    }
    rows.add(List.of(cells));
  }

  List<String> lines() {
    int columns = rows.get(0).size();
    int[] widths = new int[columns];
    for (List<String> row : rows) {
      for (int i = 0; i < columns; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    return rows.stream().map(row -> line(row, widths)).toList();
  }

  private String line(List<String> row, int[] widths) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < row.size(); i++) {
      String side = i < columnsToTheLeft ? "-" : "";
      line.append(String.format(Locale.ROOT, "%" + side + widths[i] + "s  ", row.get(i)));
    }
    return line.toString().stripTrailing();
  }
}
