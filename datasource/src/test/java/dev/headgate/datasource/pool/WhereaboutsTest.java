package dev.headgate.datasource.pool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.faults.StubDatabase;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Where a connection is, if the server does not tell. */
class WhereaboutsTest {

  private final StubDatabase stub = StubDatabase.create("whereabouts");
  private final List<String> led = new ArrayList<>();
  private boolean leadsBack = true;
  private Connection connection;
  private Whereabouts whereabouts;

  private final class SilentDialect implements Dialect {

    @Override
    public boolean accepts(String url) {
      return true;
    }

    @Override
    public Kind kind() {
      return Kind.SCHEMA;
    }

    @Override
    public @Nullable String objectionTo(String name) {
      return null;
    }

    @Override
    public boolean lead(Connection which, @Nullable String name, @Nullable String initial) {
      if (name == null && !leadsBack) {
        return false;
      }
      led.add(name == null ? "back" : name);
      return true;
    }

    @Override
    public @Nullable String reported(Connection which) {
      return null;
    }
  }

  @BeforeEach
  void connect() throws SQLException {
    connection = DriverManager.getConnection(stub.url());
    whereabouts = new Whereabouts(connection, new SilentDialect());
  }

  @AfterEach
  void close() throws SQLException {
    connection.close();
    stub.close();
  }

  @Test
  void itIsLed_onlyToAnotherOne() throws SQLException {
    for (String name : new String[] {null, null, "a", "a", "b", null, null, "b"}) {
      assertThat(whereabouts.lead(name)).isTrue();
    }
    assertThat(led).containsExactly("a", "b", "back", "b");
  }

  @Test
  void whoeverHadTheDriversOwnConnection_isNotReliedOn() throws SQLException {
    whereabouts.lead("a");
    whereabouts.doubt();
    whereabouts.lead("a");
    assertThat(led).containsExactly("a", "a");
  }

  @Test
  void whereNobodyIsLedAnywhere_theDriversOwnConnectionCostsNothing() throws SQLException {
    whereabouts.doubt();
    whereabouts.lead(null);
    assertThat(led).isEmpty();
  }

  @Test
  void whoHasLeft_isLedBack() throws SQLException {
    assertThat(whereabouts.leave(Dialect.Kind.SCHEMA)).isTrue();
    whereabouts.lead(null);
    assertThat(led).containsExactly("back");
  }

  @Test
  void whoHasLeftToWhereNobodyLeads_isOfNoUse() {
    assertThat(whereabouts.leave(Dialect.Kind.CATALOG)).isFalse();
  }

  @Test
  void ifNothingLeadsThere_noOneIsSentThere() throws SQLException {
    leadsBack = false;
    whereabouts.lead("a");
    assertThat(whereabouts.lead(null)).isFalse();
  }

  @Test
  void withoutADialect_nobodyIsLedAnywhere() throws SQLException {
    Whereabouts unknown = new Whereabouts(connection, null);
    assertThat(unknown.lead(null)).isTrue();
    assertThat(unknown.leave(Dialect.Kind.SCHEMA)).isFalse();
    assertThat(unknown.lead(null)).isFalse();
  }
}
