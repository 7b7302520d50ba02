package dev.headgate.frameworks.suite;

import static dev.headgate.frameworks.suite.Notebook.ACME;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headgate.datasource.Transactions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;

/** With {@code transactions = none}, what a framework commits is stored at once, and for good. */
@ExtendWith(Notebooks.class)
class TransactionsNoneTest {

  @TestFactory
  Stream<DynamicNode> whatItCommits_isStored_whateverBecomesOfTheRequest() {
    return Cases.of(
        Promise.NONE_STORES,
        Transactions.NONE,
        (notebook, place, kind) -> {
          Stage stage = notebook.stage(place);
          Framework framework = notebook.framework(kind);
          assertThatThrownBy(
                  () ->
                      stage.play(
                          ACME,
                          () -> {
                            framework.add("committed");
                            assertThat(notebook.stored(ACME)).containsExactly("committed");
                            framework.changeAll();
                            assertThat(notebook.stored(ACME)).containsExactly("committed!");
                            List<String> seen = new ArrayList<>();
                            framework.stream(seen::add);
                            assertThat(seen).containsExactly("committed!");
                            if (kind.whyNot(Promise.OWN_ROLLBACK, notebook.dbms).isEmpty()) {
                              framework.addAndRollBack("rolled back");
                            }
                            throw new OnPurpose();
                          }))
              .isInstanceOf(OnPurpose.class);
          assertThat(notebook.stored(ACME)).containsExactly("committed!");
        });
  }
}
