package dev.headgate.frameworks.suite;

import static dev.headgate.frameworks.suite.Notebook.ACME;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headgate.datasource.Transactions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;

/** A framework's own batches have the outcome of the unit. {@link RoundTripsTest} counts them. */
@ExtendWith(Notebooks.class)
class BatchesTest {

  @TestFactory
  Stream<DynamicNode> haveTheOutcomeOfTheUnit() {
    return Cases.of(
        Promise.BATCHES,
        Transactions.UNIT,
        (notebook, place, kind) -> {
          Stage stage = notebook.stage(place);
          Framework framework = notebook.framework(kind);
          List<String> before = notebook.addTen(ACME);
          List<String> changed = before.stream().map(body -> body + "!").toList();
          Work work =
              () -> {
                framework.changeAll();
                assertThat(framework.bodies()).isEqualTo(changed);
                assertThat(notebook.stored(ACME)).as("stored meanwhile").isEqualTo(before);
              };
          assertThatThrownBy(
                  () ->
                      stage.play(
                          ACME,
                          () -> {
                            work.run();
                            throw new OnPurpose();
                          }))
              .isInstanceOf(OnPurpose.class);
          assertThat(notebook.stored(ACME)).isEqualTo(before);

          stage.play(ACME, work);
          assertThat(notebook.stored(ACME)).isEqualTo(changed);
        });
  }
}
