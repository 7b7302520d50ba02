package dev.headgate.frameworks.suite;

import static dev.headgate.frameworks.suite.Notebook.ACME;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.datasource.Transactions;
import java.util.List;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where the modes differ: whether an inner REQUIRES_NEW outlives the transaction around it. */
@ExtendWith(Notebooks.class)
class RequiresNewTest {

  private static List<String> afterTheOuterHasFailed(
      Dbms dbms, Transactions transactions, Kind kind) throws Exception {
    Notebook notebook = Notebooks.of(dbms, transactions);
    notebook.clear();
    SpringNotes notes = ((Spring) notebook.framework(kind)).notes;
    notebook
        .stage(Place.JETTY)
        .play(
            ACME,
            () -> {
              try {
                notes.around(
                    () -> {
                      notes.add("outer");
                      notes.addOnItsOwn("inner");
                      throw new OnPurpose();
                    });
              } catch (OnPurpose expected) {
                // The outer transaction is rolled back.
              }
            });
    return notebook.stored(ACME);
  }

  @ParameterizedTest
  @CsvSource({
    "H2, SPRING_REQUIRES_NEW",
    "H2, SPRING_JPA",
    "POSTGRESQL, SPRING_REQUIRES_NEW",
    "POSTGRESQL, SPRING_JPA"
  })
  void withNone_itIsIndependent(Dbms dbms, Kind kind) throws Exception {
    assertThat(afterTheOuterHasFailed(dbms, Transactions.NONE, kind)).containsExactly("inner");
  }

  @ParameterizedTest
  @CsvSource({
    "H2, SPRING_REQUIRES_NEW",
    "H2, SPRING_JPA",
    "POSTGRESQL, SPRING_REQUIRES_NEW",
    "POSTGRESQL, SPRING_JPA"
  })
  void inAUnit_itIsUndoneWithTheOuter(Dbms dbms, Kind kind) throws Exception {
    assertThat(afterTheOuterHasFailed(dbms, Transactions.UNIT, kind)).isEmpty();
  }
}
