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

/** Two frameworks in one request share the connection, and have one outcome. */
@ExtendWith(Notebooks.class)
class OneOutcomeTest {

  @TestFactory
  Stream<DynamicNode> withEachOther() {
    return Cases.of(
        Promise.ONE_OUTCOME,
        Transactions.UNIT,
        (notebook, place, kind) -> {
          Stage stage = notebook.stage(place);
          for (Kind other : Kind.all()) {
            notebook.clear();
            together(notebook, stage, kind, other);
          }
        });
  }

  private static void together(Notebook notebook, Stage stage, Kind first, Kind second)
      throws Exception {
    Framework one = notebook.framework(first);
    Framework two = notebook.framework(second);
    String pair = "%s, then %s".formatted(first, second);
    Work work =
        () -> {
          String session = notebook.dbms.sessionNumber();
          one.add("of the first");
          assertThat(two.bodies()).as(pair).containsExactly("of the first");
          two.add("of the second");
          assertThat(one.bodies()).as(pair).containsExactly("of the first", "of the second");
          assertThat(two.number(session)).as(pair).isEqualTo(one.number(session));
          assertThat(notebook.stored(ACME)).as("stored meanwhile: %s", pair).isEmpty();
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
    assertThat(notebook.stored(ACME)).as("undone: %s", pair).isEmpty();

    stage.play(ACME, work);
    assertThat(notebook.stored(ACME))
        .as("stored: %s", pair)
        .isEqualTo(List.of("of the first", "of the second"));
  }
}
