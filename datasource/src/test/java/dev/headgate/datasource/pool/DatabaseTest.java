package dev.headgate.datasource.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Properties;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class DatabaseTest {

  private static final String URL = "jdbc:stub:acme";

  private static Database.Builder full() {
    return Database.builder(URL).user("u").password("p").property("ssl", "true");
  }

  @Test
  void equals_sameDescription_isTrue() {
    assertThat(full().build()).isEqualTo(full().build()).hasSameHashCodeAs(full().build());
  }

  @Test
  void equals_propertiesInAnotherOrder_isTrue() {
    assertThat(Database.builder(URL).property("a", "1").property("b", "2").build())
        .isEqualTo(Database.builder(URL).property("b", "2").property("a", "1").build());
  }

  @Test
  void equals_otherUrl_isFalse() {
    assertThat(Database.of(URL)).isNotEqualTo(Database.of(URL + "2"));
  }

  @Test
  void equals_otherUser_isFalse() {
    assertThat(full().build()).isNotEqualTo(full().user("other").build());
  }

  @Test
  void equals_otherPassword_isFalse() {
    assertThat(full().build()).isNotEqualTo(full().password("other").build());
  }

  @Test
  void equals_onePropertyMore_isFalse() {
    assertThat(full().build()).isNotEqualTo(full().property("x", "y").build());
  }

  @Test
  void equals_otherPoolSettings_isFalse() {
    PoolSettings settings = PoolSettings.defaults();
    assertThat(full().pool(settings).build())
        .isNotEqualTo(full().pool(settings.withMaximumSize(2)).build());
  }

  @Test
  void build_laterChangesOfTheBuilder_areNotSeen() {
    Database.Builder builder = full();
    Database built = builder.build();
    builder.property("x", "y");
    assertThat(built).isEqualTo(full().build());
  }

  @Test
  void withDefaults_ownSettings_areKept() {
    PoolSettings own = PoolSettings.defaults().withMaximumSize(2);
    assertThat(full().pool(own).build().withDefaults(PoolSettings.defaults()).pool()).contains(own);
  }

  @Test
  void withDefaults_noOwnSettings_isAsIfTheyWereGiven() {
    PoolSettings settings = PoolSettings.defaults();
    assertThat(full().build().withDefaults(settings)).isEqualTo(full().pool(settings).build());
  }

  @Test
  void login_leavesOutPasswordAndPoolSettings() {
    assertThat(full().pool(PoolSettings.defaults()).build().login())
        .isEqualTo(Database.builder(URL).user("u").property("ssl", "true").build());
  }

  @Test
  void connectionProperties_haveUserPasswordAndTheRest() {
    Properties expected = new Properties();
    expected.putAll(Map.of("user", "u", "password", "p", "ssl", "true"));
    assertThat(full().build().connectionProperties()).isEqualTo(expected);
  }

  @Test
  void connectionProperties_changedByADriver_areFreshTheNextTime() {
    Database database = full().build();
    database.connectionProperties().clear();
    assertThat(database.connectionProperties()).hasSize(3);
  }

  private static final String POSTGRES = "jdbc:postgresql://host/app";
  private static final String MARIADB = "jdbc:mariadb://host/app";
  private static final String H2 = "jdbc:h2:mem:app";

  @Test
  void equals_otherSchemaOrCatalog_isFalse() {
    Database acme = Database.builder(POSTGRES).schema("acme").build();
    assertThat(acme)
        .isEqualTo(Database.builder(POSTGRES).schema("acme").build())
        .isNotEqualTo(Database.builder(POSTGRES).schema("globex").build())
        .isNotEqualTo(Database.of(POSTGRES));
    assertThat(Database.builder(MARIADB).catalog("acme").build())
        .isNotEqualTo(Database.builder(MARIADB).catalog("globex").build());
  }

  @Test
  void whole_isTheSame_whateverSchemaOrCatalog() {
    assertThat(Database.builder(POSTGRES).user("u").schema("acme").build().whole())
        .isEqualTo(Database.builder(POSTGRES).user("u").build());
    assertThat(Database.builder(MARIADB).password("p").catalog("acme").build().whole())
        .isEqualTo(Database.builder(MARIADB).password("p").build());
  }

  @Test
  void withDefaults_keepsSchemaAndCatalog() {
    PoolSettings settings = PoolSettings.defaults();
    assertThat(Database.builder(H2).schema("A").build().withDefaults(settings).schema())
        .contains("A");
    assertThat(Database.builder(MARIADB).catalog("a").build().withDefaults(settings).catalog())
        .contains("a");
  }

  @Test
  void login_leavesOutSchemaAndCatalog() {
    assertThat(Database.builder(POSTGRES).schema("acme").build().login())
        .isEqualTo(Database.of(POSTGRES));
  }

  @Test
  void withSchemaAndWithCatalog_takeThePlaceOfTheOneBefore() {
    assertThat(Database.builder(POSTGRES).user("u").schema("acme").build().withSchema("globex"))
        .isEqualTo(Database.builder(POSTGRES).user("u").schema("globex").build());
    assertThat(Database.of(MARIADB).withCatalog("a").withCatalog("b").catalog()).contains("b");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          jdbc:mariadb://host/app | the driver of this URL calls it a catalog
          jdbc:mysql://host/app   | the driver of this URL calls it a catalog
          jdbc:stub:acme          | nothing for the driver of this URL
          jdbc:oracle:thin:@h:1:x | nothing for the driver of this URL
          """)
  void schema_ofADriverWithout_isRefused(String url, String why) {
    assertRefused(() -> Database.builder(url).schema("acme"), "schema \"acme\"", why);
    assertRefused(() -> Database.of(url).withSchema("acme"), "schema \"acme\"", why);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          jdbc:postgresql://host/app | the driver of this URL calls it a schema
          jdbc:h2:mem:app            | the driver of this URL calls it a schema
          jdbc:sqlserver://host      | nothing for the driver of this URL
          """)
  void catalog_ofADriverWithout_isRefused(String url, String why) {
    assertRefused(() -> Database.builder(url).catalog("acme"), "catalog \"acme\"", why);
    assertRefused(() -> Database.of(url).withCatalog("acme"), "catalog \"acme\"", why);
  }

  @Test
  void schemaAndCatalogAtOnce_areRefused() {
    assertRefused(
        () -> Database.builder(POSTGRES).schema("a").catalog("b"),
        "there is the schema \"a\" already",
        "not both");
    assertRefused(
        () -> Database.builder(MARIADB).catalog("a").schema("b"),
        "there is the catalog \"a\" already",
        "not both");
    assertRefused(
        () -> Database.of(MARIADB).withCatalog("a").withSchema("b"),
        "there is the catalog \"a\" already");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "a\0b", "a\nb"})
  void aNameThatIsNone_isRefused(String name) {
    assertRefused(() -> Database.builder(POSTGRES).schema(name), "blank or has control characters");
    assertRefused(() -> Database.builder(MARIADB).catalog(name), "blank or has control characters");
  }

  @Test
  void aNameThatIsTooLong_isRefused() {
    assertThat(Database.of(POSTGRES).withSchema("é".repeat(31) + "a").schema()).isPresent();
    assertRefused(() -> Database.of(POSTGRES).withSchema("é".repeat(32)), "at most 63 bytes");
    assertThat(Database.of(MARIADB).withCatalog("é".repeat(64)).catalog()).isPresent();
    assertRefused(() -> Database.of(MARIADB).withCatalog("a".repeat(65)), "at most 64 characters");
    assertThat(Database.of(H2).withSchema("a".repeat(256)).schema()).isPresent();
    assertRefused(() -> Database.of(H2).withSchema("a".repeat(257)), "at most 256 characters");
  }

  @ParameterizedTest
  @ValueSource(strings = {"$user", "pg_temp"})
  void aWordOfTheSearchPath_isRefused(String word) {
    assertRefused(() -> Database.of(POSTGRES).withSchema(word), "stands for something else");
  }

  @Test
  void aCatalogWithABacktick_isRefused() {
    assertRefused(() -> Database.of(MARIADB).withCatalog("`a`"), "how to quote the character `");
  }

  private static void assertRefused(ThrowingCallable call, String... why) {
    assertThatThrownBy(call)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll(why);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "jdbc:", "stub:acme", "JDBC:stub:acme", " jdbc:stub:acme"})
  void builder_noJdbcUrl_isRefused(String url) {
    assertThatThrownBy(() -> Database.of(url))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("not a JDBC URL");
  }

  @Test
  void builder_noJdbcUrl_isNotQuotedSinceItMayHoldSecrets() {
    assertThatThrownBy(() -> Database.of("postgresql://u:canary@host/x"))
        .hasMessageNotContaining("canary");
  }

  @ParameterizedTest
  @ValueSource(strings = {"user", "password"})
  void property_thatHasAMethodOfItsOwn_isRefused(String name) {
    assertThatThrownBy(() -> Database.builder(URL).property(name, "canary"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(name)
        .hasMessageNotContaining("canary");
  }

  @Test
  void property_twice_isRefused() {
    Database.Builder builder = Database.builder(URL).property("ssl", "canary");
    assertThatThrownBy(() -> builder.property("ssl", "false"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("ssl")
        .hasMessageNotContaining("canary");
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      textBlock =
          """
          jdbc:postgresql://host:5432/acme?user=u&ssl=true          , jdbc:postgresql://host:5432/acme
          jdbc:postgresql://u@host:5432/acme                        , jdbc:postgresql://host:5432/acme
          jdbc:mysql://u@host/acme?a=b@c                            , jdbc:mysql://host/acme
          `jdbc:mysql://u@one,v@two/acme`                           , jdbc:mysql://two/acme
          `jdbc:mysql://(host=one,user=u)/acme`                     , jdbc:mysql://
          jdbc:mysql:loadbalance://u@host/acme                      , jdbc:mysql:loadbalance://host/acme
          jdbc:sqlserver://host:1433;databaseName=x;user=u          , jdbc:sqlserver://host:1433
          jdbc:h2:mem:acme;USER=a                                   , jdbc:h2:mem:acme
          jdbc:h2:tcp://host/~/acme;USER=a                          , jdbc:h2:tcp://host/~/acme
          jdbc:h2:file:/data/acme                                   , jdbc:h2:file:/data/acme
          jdbc:oracle:thin:scott@//host:1521/acme                   , jdbc:oracle:thin:@//host:1521/acme
          jdbc:oracle:thin:@//host:1521/acme                        , jdbc:oracle:thin:@//host:1521/acme
          jdbc:db2://host:50000/acme:user=u;                        , jdbc:db2://host:50000/acme
          jdbc:other:u/canary@host                                  , jdbc:other:@host
          jdbc:u@host:1521:acme                                     , jdbc:@host:1521:acme
          jdbc:stub:acme                                            , jdbc:stub:acme
          """)
  void address_saysWhereAndNoSecret(String url, String address) {
    assertThat(Database.of(url).address()).isEqualTo(address);
  }

  @Test
  void toString_isAddressAndUser() {
    assertThat(Database.builder("jdbc:stub:a?ssl=true").user("u").build())
        .hasToString("jdbc:stub:a as u");
  }

  @Test
  void toString_saysSchemaAndCatalog() {
    assertThat(Database.builder(POSTGRES).user("u").schema("acme").build())
        .hasToString(POSTGRES + " as u, schema acme");
    assertThat(Database.of(MARIADB).withCatalog("acme")).hasToString(MARIADB + ", catalog acme");
  }

  @Test
  void toString_withoutUser_isTheAddress() {
    assertThat(Database.builder(URL).password("canary").property("p", "canary").build())
        .hasToString(URL);
  }

  /** MariaDB's driver would look for its end for ever. */
  @Test
  void addressThatDoesNotEnd_isRefused() {
    assertThatThrownBy(() -> Database.of("jdbc:mariadb://address=(host=db.example.com/name"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("close the parenthesis");
    assertThat(Database.of("jdbc:mariadb://address=(host=db.example.com)(port=3306)/name"))
        .isNotNull();
  }

  /** It stands in messages and logs. */
  @Test
  void userOfSeveralLines_isRefused() {
    assertThatThrownBy(() -> Database.builder("jdbc:h2:mem:x").user("sa\nERROR forged"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("the user");
  }
}
