package dev.headgate.frameworks.suite;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A table of a document in Markdown: cells by row and column. */
final class Table {

  private final List<String> headings;
  private final int keys;
  private final Map<List<String>, List<String>> rows = new LinkedHashMap<>();

  /**
   * @param keys how many of the columns say what row it is
   */
  Table(List<String> headings, int keys) {
    this.headings = List.copyOf(headings);
    this.keys = keys;
  }

  /** Reads one back, as it was written. */
  static Table parse(String text, int keys) {
    List<List<String>> lines =
        text.lines().filter(line -> line.startsWith("|")).map(Table::cells).toList();
    if (lines.isEmpty()) {
      return new Table(List.of(), 0);
    }
    Table table = new Table(lines.get(0), keys);
    lines.stream().skip(2).forEach(table::add);
    return table;
  }

  private static List<String> cells(String line) {
    return Arrays.stream(line.substring(1, line.lastIndexOf('|')).split("\\|"))
        .map(String::strip)
        .toList();
  }

  void add(List<String> cells) {
    rows.put(List.copyOf(cells.subList(0, keys)), List.copyOf(cells.subList(keys, cells.size())));
  }

  /** Returns what stands in a cell; nothing if there is no such row or column. */
  String cell(List<String> row, String heading) {
    int column = headings.indexOf(heading) - keys;
    List<String> cells = rows.get(row);
    return cells == null || column < 0 || column >= cells.size() ? "" : cells.get(column);
  }

  String text() {
    List<String> lines = new ArrayList<>();
    lines.add(line(headings));
    lines.add("|" + "---|".repeat(headings.size()));
    rows.forEach(
        (key, cells) -> {
          List<String> all = new ArrayList<>(key);
          all.addAll(cells);
          lines.add(line(all));
        });
    return String.join("\n", lines);
  }

  private static String line(List<String> cells) {
    return cells.stream().collect(Collectors.joining(" | ", "| ", " |"));
  }
}
