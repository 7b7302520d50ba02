package dev.headgate.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import dev.headgate.datasource.RoutingDataSource;
import dev.headgate.datasource.TenantId;
import dev.headgate.datasource.UnitOfWork;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Events;

/** Runs tests that use the extension, and looks at what they leave. */
class UnitOfWorkExtensionTest {

  private static final TenantId ACME = TenantId.of("acme");
  private static RoutingDataSource dataSource;

  @BeforeEach
  void start() {
    dataSource = TestDatabases.withNotes();
  }

  @AfterEach
  void nothingIsStoredAndNothingLeft() throws SQLException {
    try (Connection connection = dataSource.forTenant(ACME).getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT count(*) FROM note")) {
      rows.next();
      assertThat(rows.getInt(1)).isZero();
    }
    assertThat(dataSource.snapshot().pools()).allMatch(pool -> pool.leases() == 0);
    assertThatThrownBy(dataSource::current).isInstanceOf(IllegalStateException.class);
    dataSource.close();
  }

  private static Events run(Class<?> tests) {
    EngineExecutionResults results =
        EngineTestKit.engine("junit-jupiter").selectors(selectClass(tests)).execute();
    return results.testEvents();
  }

  private static UnitOfWorkExtension extension() {
    return UnitOfWorkExtension.of(() -> dataSource, ACME);
  }

  /** Whatever order they run in, one test sees nothing of another. */
  static class Isolated {

    @RegisterExtension static final UnitOfWorkExtension unit = extension();

    @BeforeEach
    void fixture() throws SQLException {
      new Notes(dataSource).add("fixture");
    }

    @RepeatedTest(3)
    void addsTheSame() throws SQLException {
      new Notes(dataSource).add("same");
      assertThat(new Notes(dataSource).all()).containsExactly("fixture", "same");
    }

    @Test
    void commitsInEveryWay(UnitOfWork work) throws SQLException {
      Notes notes = new Notes(dataSource);
      dataSource.call(
          ACME,
          inner -> {
            notes.add("called");
            return null;
          });
      dataSource.current().commit();
      work.commit();
      assertThat(notes.all()).containsExactly("called", "fixture");
      assertThat(work.tenant()).isEqualTo(ACME);
    }

    @Nested
    class Inside {

      @Test
      void nestedTestsHaveOneToo(UnitOfWork work) throws SQLException {
        assertThat(dataSource.current()).isSameAs(work);
        assertThat(new Notes(dataSource).all()).containsExactly("fixture");
      }
    }
  }

  @Test
  void eachTest_seesWhatItHasCommitted_andNothingElse() {
    run(Isolated.class).assertStatistics(events -> events.succeeded(5).failed(0));
  }

  static class Failing {

    @RegisterExtension static final UnitOfWorkExtension unit = extension();

    @Test
    void leavesEverythingOpen() throws SQLException {
      dataSource.begin(ACME);
      dataSource.getConnection().createStatement().execute("INSERT INTO note VALUES ('left')");
      throw new AssertionError("canary");
    }
  }

  @Test
  void aTestThatFails_isRolledBack() {
    run(Failing.class).assertStatistics(events -> events.failed(1));
  }

  static class Unknown {

    @RegisterExtension
    static final UnitOfWorkExtension unit = UnitOfWorkExtension.of(() -> null, ACME);

    @Test
    void neverRuns() {}
  }

  @Test
  void withoutADataSource_theTestFailsAndSaysSo() {
    Events events = run(Unknown.class);
    events.assertStatistics(statistics -> statistics.failed(1));
    assertThat(events.failed().stream().findFirst().orElseThrow().toString())
        .contains("the supplier of the data source returned null");
  }

  static class InAUnit {

    @RegisterExtension static final UnitOfWorkExtension unit = extension();
    @RegisterExtension static final UnitOfWorkExtension second = extension();

    @Test
    void neverRuns() {}
  }

  @Test
  void twoUnitsForOneTest_areRefused() {
    run(InAUnit.class).assertStatistics(events -> events.failed(1));
  }
}
