package dev.headgate.frameworks.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.headgate.datasource.Transactions;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;

/** A promise, for each framework on each database, in each place. */
final class Cases {

  /** What is asked of one. */
  @FunctionalInterface
  interface Case {
    void check(Notebook notebook, Place place, Kind kind) throws Exception;
  }

  private Cases() {}

  static Stream<DynamicNode> of(Promise promise, Transactions transactions, Case asked) {
    return Dbms.all().stream()
        .map(
            dbms ->
                dynamicContainer(
                    dbms.toString(),
                    Place.all().stream()
                        .flatMap(place -> of(promise, transactions, asked, dbms, place))));
  }

  private static Stream<DynamicTest> of(
      Promise promise, Transactions transactions, Case asked, Dbms dbms, Place place) {
    return Kind.all().stream()
        .map(
            kind ->
                dynamicTest(
                    "%s, %s, %s".formatted(promise, place, kind),
                    () -> {
                      Cell cell = new Cell(kind, dbms, promise, place);
                      Optional<String> whyNot = kind.whyNot(promise, dbms);
                      if (whyNot.isPresent()) {
                        Results.saw(cell, whyNot.get());
                        return;
                      }
                      Notebook notebook = Notebooks.of(dbms, transactions);
                      notebook.clear();
                      asked.check(notebook, place, kind);
                      assertThat(notebook.leases()).as("leases").isZero();
                      Results.saw(cell, Results.HELD);
                    }));
  }
}
