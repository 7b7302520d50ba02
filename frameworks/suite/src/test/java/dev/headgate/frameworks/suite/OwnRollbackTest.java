package dev.headgate.frameworks.suite;

import static dev.headgate.frameworks.suite.Notebook.ACME;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.datasource.Transactions;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;

/** A framework that rolls its transaction back undoes that alone. */
@ExtendWith(Notebooks.class)
class OwnRollbackTest {

  @TestFactory
  Stream<DynamicNode> whatWasCommittedBefore_isKept() {
    return Cases.of(
        Promise.OWN_ROLLBACK,
        Transactions.UNIT,
        (notebook, place, kind) -> {
          Stage stage = notebook.stage(place);
          Framework framework = notebook.framework(kind);
          Framework jdbc = notebook.framework(Kind.JDBC);
          stage.play(
              ACME,
              () -> {
                jdbc.add("of another");
                framework.add("before");
                framework.addAndRollBack("undone");
                assertThat(framework.bodies()).containsExactly("of another", "before");
                framework.add("after");
              });
          assertThat(notebook.stored(ACME)).containsExactly("of another", "before", "after");
        });
  }
}
