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
    public Origin origin(Connection which) {
      return new Origin(null, null, true);
    }

    @Override
    public boolean lead(Connection which, @Nullable String name, Origin origin) {
      if (name == null && !leadsBack) {
        return false;
      }
      led.add(name == null ? "back" : name);
      return true;
    }

    @Override
    public @Nullable String access(boolean readOnly) {
      return null;
    }

    @Override
    public boolean leadNew(Connection connection, String name, Origin origin) throws SQLException {
      return lead(connection, name, origin);
    }

    @Override
    public boolean isAccessRolledBack() {
      return false;
    }

    @Override
    public boolean seesToReadOnly(Connection which, boolean autoCommit) {
      return false;
    }

    @Override
    public @Nullable String reported(Connection which) {
      return null;
    }
  }

  @BeforeEach
  void connect() throws SQLException {
    connection = DriverManager.getConnection(stub.url());
    whereabouts = new Whereabouts(connection, new SilentDialect(), Reset.TENANT);
  }

  @AfterEach
  void close() throws SQLException {
    connection.close();
    stub.close();
  }

  @Test
  void itIsLed_onlyToAnotherOne() throws SQLException {
    for (String name : new String[] {null, null, "a", "a", "b", null, null, "b"}) {
      assertThat(whereabouts.lead(name, "acme")).isTrue();
    }
    assertThat(led).containsExactly("a", "b", "back", "b");
  }

  @Test
  void whoeverHadTheDriversOwnConnection_isNotReliedOn() throws SQLException {
    whereabouts.lead("a", "acme");
    whereabouts.doubt();
    whereabouts.lead("a", "acme");
    assertThat(led).containsExactly("a", "a");
  }

  @Test
  void whereNobodyIsLedAnywhere_theDriversOwnConnectionCostsNothing() throws SQLException {
    whereabouts.doubt();
    whereabouts.lead(null, "acme");
    assertThat(led).isEmpty();
  }

  @Test
  void whoHasLeft_isLedBack() throws SQLException {
    assertThat(whereabouts.leave(Dialect.Kind.SCHEMA)).isTrue();
    whereabouts.lead(null, "acme");
    assertThat(led).containsExactly("back");
  }

  @Test
  void whoHasLeftToWhereNobodyLeads_isOfNoUse() {
    assertThat(whereabouts.leave(Dialect.Kind.CATALOG)).isFalse();
  }

  @Test
  void ifNothingLeadsThere_noOneIsSentThere() throws SQLException {
    leadsBack = false;
    whereabouts.lead("a", "acme");
    assertThat(whereabouts.lead(null, "acme")).isFalse();
  }

  @Test
  void withoutADialect_nobodyIsLedAnywhere() throws SQLException {
    Whereabouts unknown = new Whereabouts(connection, null, Reset.TENANT);
    assertThat(unknown.lead(null, "acme")).isTrue();
    assertThat(unknown.leave(Dialect.Kind.SCHEMA)).isFalse();
    assertThat(unknown.lead(null, "acme")).isFalse();
  }

  @Test
  void whatWasAnothers_isReset_whereItIs() throws SQLException {
    whereabouts.lead(null, "acme");
    whereabouts.lead(null, "acme");
    whereabouts.lead(null, "globex");
    whereabouts.lead(null, "globex");
    whereabouts.lead(null, null);
    whereabouts.lead(null, null);
    assertThat(led).containsExactly("back", "back");
  }

  @Test
  void onRequest_itIsReset_eachTimeButTheFirst() throws SQLException {
    whereabouts = new Whereabouts(connection, new SilentDialect(), Reset.ALWAYS);
    whereabouts.lead(null, "acme");
    whereabouts.lead(null, "acme");
    whereabouts.lead("a", "acme");
    whereabouts.lead("a", "acme");
    assertThat(led).containsExactly("back", "a", "a");
  }

  @Test
  void onRequest_itIsResetOnlyWhenItIsLedElsewhere() throws SQLException {
    whereabouts = new Whereabouts(connection, new SilentDialect(), Reset.SCHEMA);
    whereabouts.lead(null, "acme");
    whereabouts.lead(null, "globex");
    whereabouts.lead("a", "globex");
    whereabouts.lead("a", "acme");
    assertThat(led).containsExactly("a");
  }

  @Test
  void whereTheDriversOwnConnectionWasHad_noOneElseGetsIt() throws SQLException {
    whereabouts.lead("a", "acme");
    whereabouts.doubt();
    assertThat(whereabouts.lead("a", "acme")).isTrue();
    assertThat(whereabouts.lead("a", "globex")).isFalse();
    assertThat(whereabouts.lead("b", "acme")).isFalse();
  }

  @Test
  void whatWasSetForOneBorrower_isReset_forTheSameTenant() throws SQLException {
    whereabouts.lead("a", "acme");
    whereabouts.refuseWrites(true);
    whereabouts.lead("a", "acme");
    whereabouts.lead("a", "acme");
    assertThat(led).containsExactly("a", "a");
  }

  @Test
  void withoutADialect_itIsOnlyTheFirstOnes() throws SQLException {
    Whereabouts unknown = new Whereabouts(connection, null, Reset.TENANT);
    assertThat(unknown.lead(null, "acme")).isTrue();
    assertThat(unknown.lead(null, "acme")).isTrue();
    assertThat(unknown.lead(null, "globex")).isFalse();
  }

  @Test
  void withoutADialect_butOnRequest_itIsEverybodys() throws SQLException {
    Whereabouts unknown = new Whereabouts(connection, null, Reset.SCHEMA);
    assertThat(unknown.lead(null, "acme")).isTrue();
    assertThat(unknown.lead(null, "globex")).isTrue();
  }
}
