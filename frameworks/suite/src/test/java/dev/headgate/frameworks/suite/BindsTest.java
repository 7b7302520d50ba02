package dev.headgate.frameworks.suite;

import static dev.headgate.frameworks.suite.Notebook.ACME;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.headgate.datasource.Outcome;
import dev.headgate.datasource.PartialCommitException;
import dev.headgate.datasource.RoutingDataSource;
import dev.headgate.datasource.TenantDirectory;
import dev.headgate.datasource.TenantId;
import dev.headgate.datasource.TransactionOutcome;
import dev.headgate.datasource.Transactions;
import dev.headgate.datasource.pool.Database;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A framework twice, on the tenant's database and on a bind, with one outcome: of the same kind as
 * the tenant's, and a PostgreSQL, whose COMMIT can be made to fail.
 */
@ExtendWith(Notebooks.class)
class BindsTest {

  private static final TenantId USERS = TenantId.of("users");

  @TestFactory
  Stream<DynamicNode> twoDatabases_haveOneOutcome() {
    return Cases.of(
        Promise.BINDS,
        Transactions.UNIT,
        (notebook, place, kind) -> {
          for (Dbms usersDbms : EnumSet.of(notebook.dbms, Dbms.POSTGRESQL)) {
            notebook.clear();
            Database users = usersDbms.database("users");
            Map<String, Database> databases =
                Map.of("acme", notebook.dbms.database("acme"), "users", users);
            try (RoutingDataSource dataSource =
                    RoutingDataSource.builder(TenantDirectory.of(databases))
                        .bind("users", users)
                        .build();
                Framework notes = kind.start(dataSource, notebook.dbms);
                Framework accounts = kind.start(dataSource.bind("users"), usersDbms);
                Stage stage = place.open(dataSource)) {
              createUsers(dataSource, usersDbms);
              check(stage, notes, accounts, dataSource);
              if (usersDbms == Dbms.POSTGRESQL) {
                reportsAPartialCommit(place, stage, notes, accounts, dataSource);
              }
            }
          }
        });
  }

  /** Makes a table that looks at COMMIT whether a note is there twice, where that can be. */
  private static void createUsers(RoutingDataSource dataSource, Dbms dbms) throws SQLException {
    try (Connection connection = dataSource.forTenant(USERS).getConnection();
        Statement statement = connection.createStatement()) {
      for (String sql : dbms.schema()) {
        statement.execute(sql);
      }
      if (dbms == Dbms.POSTGRESQL) {
        statement.execute("ALTER TABLE note ADD UNIQUE (body) DEFERRABLE INITIALLY DEFERRED");
      }
    }
  }

  private static List<String> stored(RoutingDataSource dataSource, TenantId tenant)
      throws SQLException {
    return new PlainJdbc(dataSource.forTenant(tenant)).bodies();
  }

  private static void check(
      Stage stage, Framework notes, Framework accounts, RoutingDataSource dataSource)
      throws Exception {
    assertThatThrownBy(
            () ->
                stage.play(
                    ACME,
                    () -> {
                      accounts.add("ann");
                      notes.add("of ann");
                      throw new OnPurpose();
                    }))
        .isInstanceOf(OnPurpose.class);
    assertThat(stored(dataSource, ACME)).isEmpty();
    assertThat(stored(dataSource, USERS)).isEmpty();

    stage.play(
        ACME,
        () -> {
          accounts.add("ann");
          notes.add("of ann");
        });
    assertThat(stored(dataSource, ACME)).containsExactly("of ann");
    assertThat(stored(dataSource, USERS)).containsExactly("ann");
  }

  private static void reportsAPartialCommit(
      Place place, Stage stage, Framework notes, Framework accounts, RoutingDataSource dataSource)
      throws Exception {
    Work work =
        () -> {
          accounts.add("bob");
          accounts.add("bob");
          notes.add("of bob");
        };
    if (place == Place.JOB) {
      PartialCommitException failure =
          catchThrowableOfType(PartialCommitException.class, () -> stage.play(ACME, work));
      assertThat(failure.outcomes())
          .containsExactly(
              new TransactionOutcome("", Outcome.COMMITTED),
              new TransactionOutcome("users", Outcome.ROLLED_BACK));
    } else {
      assertThatThrownBy(() -> stage.play(ACME, work)).hasMessageContaining("\"done\"");
    }
    assertThat(stored(dataSource, ACME)).containsExactly("of ann", "of bob");
    assertThat(stored(dataSource, USERS)).containsExactly("ann");
  }
}
