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

/** A framework's own cursor goes on while another one works on the same connection. */
@ExtendWith(Notebooks.class)
class StreamsTest {

  /** Those of the driver have names; that of this question has none. */
  static final String OPEN_CURSORS = "SELECT count(*) FROM pg_cursors WHERE name <> ''";

  @TestFactory
  Stream<DynamicNode> goOn_whileAnotherFrameworkWorks() {
    return Cases.of(
        Promise.STREAMS,
        Transactions.UNIT,
        (notebook, place, kind) -> {
          Stage stage = notebook.stage(place);
          List<String> before = notebook.addTen(ACME);
          Work work = () -> read(notebook, notebook.framework(kind), before);
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
          assertThat(notebook.stored(ACME)).hasSize(before.size() + 1).contains("meanwhile");
        });
  }

  private static void read(Notebook notebook, Framework framework, List<String> expected)
      throws Exception {
    Framework jdbc = notebook.framework(Kind.JDBC);
    List<String> seen = new ArrayList<>();
    framework.stream(
        body -> {
          if (seen.isEmpty()) {
            meanwhile(notebook.dbms, jdbc);
          }
          seen.add(body);
        });
    assertThat(seen).isEqualTo(expected);
  }

  private static void meanwhile(Dbms dbms, Framework jdbc) {
    try {
      if (dbms == Dbms.POSTGRESQL) {
        assertThat(jdbc.number(OPEN_CURSORS)).as("open cursors").isEqualTo(1);
      }
      jdbc.addAndRollBack("undone");
      jdbc.add("meanwhile");
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }
}
