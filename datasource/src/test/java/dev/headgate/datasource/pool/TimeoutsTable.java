package dev.headgate.datasource.pool;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The table of timeouts in docs/configuration.md. */
public final class TimeoutsTable {

  /** What a row says. */
  public record Row(String setting, Duration value) {}

  private TimeoutsTable() {}

  /** Returns the rows whose setting has this in it, in their order. */
  public static List<Row> rows(String part) {
    List<Row> rows = new ArrayList<>();
    document()
        .replaceFirst("(?s).*<!-- timeouts -->", "")
        .replaceFirst("(?s)<!-- /timeouts -->.*", "")
        .lines()
        .map(line -> line.split(" *\\| *", -1))
        .filter(cells -> cells.length > 4 && cells[3].startsWith("`"))
        .map(cells -> new Row(cells[2].replace("`", ""), Duration.parse(cells[3].replace("`", ""))))
        .filter(row -> row.setting().contains(part))
        .forEach(rows::add);
    return rows;
  }

  private static String document() {
    try {
      return Files.readString(Path.of("..", "docs", "configuration.md"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
