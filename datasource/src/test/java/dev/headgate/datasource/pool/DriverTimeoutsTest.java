package dev.headgate.datasource.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which timeouts drivers are given for a connection. */
final class DriverTimeoutsTest {

  private static final PoolSettings SETTINGS =
      PoolSettings.defaults()
          .withConnectTimeout(Duration.ofMillis(1500))
          .withSocketTimeout(Duration.ofSeconds(90));

  private static Map<Object, Object> given(Database database) {
    return Map.copyOf(new DriverTimeouts(database, SETTINGS).with(database.connectionProperties()));
  }

  private static Map<Object, Object> given(String url) {
    return given(Database.of(url));
  }

  @Test
  void postgres_inWholeSeconds_logsInWithTheConnectTimeout() {
    assertThat(given("jdbc:postgresql://db.example.com,db2.example.com/acme"))
        .containsOnly(
            Map.entry("connectTimeout", "2"),
            Map.entry("socketTimeout", "2"),
            Map.entry("cancelSignalTimeout", "2"),
            Map.entry("tcpKeepAlive", "true"));
  }

  @Test
  void wholeSeconds_areNotRoundedUp() {
    Properties properties =
        new DriverTimeouts(
                Database.of("jdbc:postgresql:acme"),
                SETTINGS.withConnectTimeout(Duration.ofSeconds(3)))
            .with(new Properties());
    assertThat(properties).containsEntry("connectTimeout", "3");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "jdbc:mysql://db.example.com:3306/acme",
        "jdbc:mariadb://db.example.com/acme?useSsl=true&serverAlias=a,b",
        "jdbc:mysql://db.example.com"
      })
  void oneHost_inMilliseconds_logsInWithTheConnectTimeout(String url) {
    assertThat(given(url))
        .containsOnly(Map.entry("connectTimeout", "1500"), Map.entry("socketTimeout", "1500"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "jdbc:mysql://one.example.com,two.example.com/acme",
        "jdbc:mysql:replication://one.example.com,two.example.com/acme",
        "jdbc:mysql://(host=one.example.com)/acme",
        "jdbc:mysql://db.example.com/acme?dnsSrv=true",
        "jdbc:mariadb:sequential://one.example.com/acme"
      })
  void aDriverThatMayConnectAnewByItself_hasTheSocketTimeoutFromTheStart(String url) {
    assertThat(given(url))
        .containsOnly(Map.entry("connectTimeout", "1500"), Map.entry("socketTimeout", "90000"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"jdbc:h2:mem:acme", "jdbc:oracle:thin:@db.example.com/acme"})
  void ofOtherDrivers_nothingIsKnown(String url) {
    assertThat(given(url)).isEmpty();
  }

  @Test
  void aDriverProperty_wins() {
    assertThat(
            given(
                Database.builder("jdbc:postgresql://db.example.com/acme")
                    .property("connectTimeout", "0")
                    .property("tcpKeepAlive", "false")
                    .property("cancelSignalTimeout", "5")
                    .build()))
        .containsOnly(
            Map.entry("connectTimeout", "0"),
            Map.entry("socketTimeout", "2"),
            Map.entry("cancelSignalTimeout", "5"),
            Map.entry("tcpKeepAlive", "false"));
  }

  @Test
  void aDriverPropertyInOtherLetters_wins() {
    assertThat(
            given(
                Database.builder("jdbc:mysql://db.example.com/acme")
                    .property("CONNECTTIMEOUT", "1")
                    .build()))
        .containsOnly(Map.entry("CONNECTTIMEOUT", "1"), Map.entry("socketTimeout", "1500"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "jdbc:mysql://db.example.com/acme?connectTimeout=1",
        "jdbc:mysql://db.example.com/acme?useSSL=true&ConnectTimeout = 1",
        "jdbc:mysql://db.example.com/acme?connect%54imeout=1",
        "jdbc:mariadb://db.example.com/acme?a=b&connectTimeout=1"
      })
  void aParameterOfTheUrl_wins(String url) {
    assertThat(given(url)).doesNotContainKey("connectTimeout").containsKey("socketTimeout");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "jdbc:mysql://address=(host=db.example.com)(connectTimeout=1)/acme",
        "jdbc:mysql://(host=db.example.com,connectTimeout=1)/acme"
      })
  void aParameterOfAHost_wins(String url) {
    assertThat(given(url)).doesNotContainKey("connectTimeout");
  }

  @Test
  void aNameThatOnlyEndsTheSame_isNotIt() {
    assertThat(given("jdbc:mysql://db.example.com/acme?myconnectTimeout=1"))
        .containsKey("connectTimeout");
  }

  @Test
  void postgresWithASocketTimeoutOfItsOwn_hasALoginTimeout() {
    assertThat(given("jdbc:postgresql://db.example.com/acme?socketTimeout=600"))
        .containsOnly(
            Map.entry("connectTimeout", "2"),
            Map.entry("loginTimeout", "3"),
            Map.entry("cancelSignalTimeout", "2"),
            Map.entry("tcpKeepAlive", "true"));
  }

  @Test
  void postgresWithBothOfItsOwn_hasNoLoginTimeoutThatWouldCutThemShort() {
    assertThat(given("jdbc:postgresql://db.example.com/acme?socketTimeout=600&connectTimeout=60"))
        .containsOnlyKeys("cancelSignalTimeout", "tcpKeepAlive");
  }
}
