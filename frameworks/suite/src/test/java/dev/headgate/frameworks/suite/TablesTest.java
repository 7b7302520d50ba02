package dev.headgate.frameworks.suite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.datasource.Transactions;
import dev.headgate.frameworks.suite.Results.FeatureCell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/**
 * The tables of docs/frameworks.md are what the tests have seen. {@code -Dheadgate.tables=write}
 * writes them; what this run does not try, such as MariaDB without {@code -Pstress}, is taken over.
 */
@Order(Integer.MAX_VALUE)
class TablesTest {

  private static final Path DOCUMENT = Path.of("../../docs/frameworks.md");

  /** What needs no test, since there is nothing to see; by the number of its note. */
  private static List<String> notes() {
    return Arrays.stream(Promise.values())
        .flatMap(
            promise ->
                Kind.all().stream()
                    .flatMap(
                        kind ->
                            Arrays.stream(Dbms.values())
                                .flatMap(dbms -> kind.whyNot(promise, dbms).stream())))
        .distinct()
        .toList();
  }

  private static String promises(Table before) {
    List<String> headings = new ArrayList<>(List.of("framework", "database"));
    Stream.of(Promise.values()).forEach(promise -> headings.add(promise.toString()));
    Table table = new Table(headings, 2);
    for (Kind kind : Kind.all()) {
      for (Dbms dbms : Dbms.values()) {
        List<String> key = List.of(kind.toString(), dbms.toString());
        List<String> row = new ArrayList<>(key);
        for (Promise promise : Promise.values()) {
          row.add(cell(kind, dbms, promise, before.cell(key, promise.toString())));
        }
        table.add(row);
      }
    }
    List<String> notes = notes();
    StringBuilder text = new StringBuilder(table.text()).append("\n");
    for (int i = 0; i < notes.size(); i++) {
      text.append("\n%d. %s".formatted(i + 1, notes.get(i)));
    }
    return text.append("\n").toString();
  }

  private static String cell(Kind kind, Dbms dbms, Promise promise, String before) {
    List<String> places = new ArrayList<>();
    List<String> reasons = new ArrayList<>();
    for (Place place : Place.values()) {
      if (Dbms.all().contains(dbms) && Place.all().contains(place)) {
        String seen =
            Results.of(new Cell(kind, dbms, promise, place))
                .orElseThrow(
                    () ->
                        new AssertionError(
                            "no test has seen \"%s\" of %s on %s, %s: run the whole module"
                                .formatted(promise, kind, dbms, place)));
        if (seen.equals(Results.HELD)) {
          places.add(place.toString());
        } else {
          reasons.add(seen);
        }
      } else if (List.of(before.split(", ")).contains(place.toString())) {
        places.add(place.toString());
      }
    }
    if (!places.isEmpty()) {
      return String.join(", ", places);
    }
    String reason = reasons.isEmpty() ? kind.whyNot(promise, dbms).orElse("") : reasons.get(0);
    return reason.isEmpty() ? "" : "(%d)".formatted(notes().indexOf(reason) + 1);
  }

  private static String features(Table before) {
    List<String> headings = new ArrayList<>(List.of("JDBC", "`transactions`"));
    Stream.of(Dbms.values()).forEach(dbms -> headings.add(dbms.toString()));
    Table table = new Table(headings, 2);
    for (Feature feature : Feature.values()) {
      for (Transactions transactions : Transactions.values()) {
        String mode = "`" + transactions.name().toLowerCase(Locale.ROOT) + "`";
        List<String> key = List.of(feature.toString(), mode);
        List<String> row = new ArrayList<>(key);
        for (Dbms dbms : Dbms.values()) {
          FeatureCell cell = new FeatureCell(feature, dbms, transactions);
          row.add(
              Dbms.all().contains(dbms)
                  ? Results.of(cell)
                      .orElseThrow(() -> new AssertionError("no test has seen " + cell))
                  : before.cell(key, dbms.toString()));
        }
        table.add(row);
      }
    }
    return table.text() + "\n";
  }

  private static String between(String text, String name) {
    return text.substring(begin(text, name), text.indexOf("\n<!-- /" + name + " -->"));
  }

  private static int begin(String text, String name) {
    String mark = "<!-- " + name + " -->\n";
    assertThat(text).containsOnlyOnce(mark);
    return text.indexOf(mark) + mark.length();
  }

  private static String with(String text, String name, String section) {
    return text.substring(0, begin(text, name))
        + section
        + text.substring(text.indexOf("\n<!-- /" + name + " -->"));
  }

  @Test
  void ofTheDocument_areWhatWasSeen() throws IOException {
    String document = Files.readString(DOCUMENT);
    String promises = promises(Table.parse(between(document, "promises"), 2));
    String features = features(Table.parse(between(document, "features"), 2));
    String seen = with(with(document, "promises", promises), "features", features);
    if ("write".equals(System.getProperty("headgate.tables"))) {
      Files.writeString(DOCUMENT, seen);
    }
    assertThat(Files.readString(DOCUMENT))
        .as("the tables, which -Dheadgate.tables=write writes anew")
        .isEqualTo(seen);
  }

  @Test
  void ofTheDocument_haveNoHole() throws IOException {
    String document = Files.readString(DOCUMENT);
    for (String name : List.of("promises", "features")) {
      assertThat(between(document, name).lines().filter(line -> line.startsWith("|")))
          .isNotEmpty()
          .noneMatch(line -> line.contains("|  |"));
    }
    for (Kind kind : Kind.all()) {
      for (Dbms dbms : Dbms.values()) {
        for (Promise promise : Promise.values()) {
          assertThat(cellOf(document, kind, dbms, promise))
              .as("%s, %s, %s", kind, dbms, promise)
              .matches("job, Jetty, Tomcat|\\(\\d+\\)");
        }
      }
    }
  }

  private static String cellOf(String document, Kind kind, Dbms dbms, Promise promise) {
    return Table.parse(between(document, "promises"), 2)
        .cell(List.of(kind.toString(), dbms.toString()), promise.toString());
  }
}
