package dev.headgate.frameworks.suite;

import static dev.headgate.frameworks.suite.Notebook.ACME;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.headgate.datasource.Transactions;
import dev.headgate.frameworks.suite.Results.FeatureCell;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;

/** What JDBC has: it works, or is refused with a message. */
@ExtendWith(Notebooks.class)
class FeaturesTest {

  @TestFactory
  List<DynamicTest> work_orAreRefused() {
    List<DynamicTest> all = new ArrayList<>();
    for (Dbms dbms : Dbms.all()) {
      for (Transactions transactions : Transactions.values()) {
        for (Feature feature : Feature.values()) {
          all.add(
              dynamicTest(
                  "%s, %s, transactions = %s".formatted(feature, dbms, transactions),
                  () -> check(feature, dbms, transactions)));
        }
      }
    }
    return all;
  }

  private static void check(Feature feature, Dbms dbms, Transactions transactions)
      throws Exception {
    Notebook notebook = Notebooks.of(dbms, transactions);
    notebook.clear();
    AtomicReference<String> said = new AtomicReference<>();
    notebook
        .stage(Place.JETTY)
        .play(
            ACME,
            () -> {
              try (var connection = notebook.dataSource.getConnection()) {
                said.set(feature.check(connection, dbms, transactions));
              }
              assertThat(notebook.stored(ACME))
                  .as("stored before the end")
                  .isEqualTo(
                      transactions == Transactions.NONE
                          ? notebook.framework(Kind.JDBC).bodies()
                          : List.of());
            });
    assertThat(notebook.leases()).isZero();
    Results.saw(new FeatureCell(feature, dbms, transactions), said.get());
  }
}
