package dev.headgate.datasource.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A URL has no password in it, and is one line. */
final class JdbcUrlTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "jdbc:postgresql://host:5432/acme?user=u&password=canary",
        "jdbc:postgresql://host/acme?sslpassword=canary",
        "jdbc:postgresql://u:canary@host:5432/acme",
        "jdbc:postgresql://u:12345@host/canary",
        "jdbc:postgresql://one:5432,u:canary@two/acme",
        "jdbc:mysql://u:can@ary@host/acme",
        "jdbc:mysql://u:can/ary@host/acme",
        "jdbc:mysql://u:can?ary@host/acme",
        "jdbc:mysql://u:can,ary@host/acme",
        "jdbc:mysql://:canary@host/acme",
        "jdbc:mysql://u@one,v:canary@two/acme",
        "jdbc:mysql://host/acme?pass%77ord=canary",
        "jdbc:mysql://u%3Acanary@host/acme",
        "jdbc:mysql://u:canary%40host/acme",
        "jdbc:mysql://(host=one,user=u,password=canary)/acme",
        "jdbc:mysql://address=(host=one)(port=3307)(password=canary)/acme",
        "jdbc:mysql:loadbalance://u:canary@host/acme",
        "jdbc:mysql://host/acme?password2=canary",
        "jdbc:mariadb://host/acme?keyStorePassword=canary",
        "jdbc:sqlserver://host:1433;databaseName=x;password = canary",
        "jdbc:sqlserver://host:1433;Pwd=canary",
        "jdbc:sqlserver://host;keyStoreSecret=canary",
        "jdbc:sqlserver://host;accessToken=canary",
        "jdbc:h2:mem:acme;PASSWORD=canary",
        "jdbc:h2:tcp://host/~/acme;USER=a;PASSWORD=canary",
        "jdbc:h2:tcp://u:canary@127.0.0.1:1/x",
        "jdbc:oracle:thin:scott/canary@//host:1521/acme",
        "jdbc:oracle:thin:scott/canary@host:1521:acme",
        "jdbc:oracle:oci:scott/canary@alias",
        "jdbc:db2://host:50000/acme:user=u;password=canary;",
        "jdbc:db2://host:50000/acme:apiKey=canary;",
        "jdbc:unknown://u:canary@host/x",
      })
  void aPassword_isRefused_andNotRepeated(String url) {
    assertThatThrownBy(() -> Database.of(url))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("the URL has a password in it")
        .hasMessageNotContainingAny("canary", "ary", "12345", "host");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "jdbc:postgresql://host:5432/acme?user=u@example.com&ssl=true",
        "jdbc:postgresql://host/acme?currentSchema=password",
        "jdbc:postgresql://host:5432/a@b",
        "jdbc:postgresql://[::1]:5432/a@b",
        "jdbc:postgresql://[::1]:5432,[::2]:5433/acme?user=a@b",
        "jdbc:postgresql://one:5432,two:5433/acme?user=a@b",
        "jdbc:postgresql://host/acme?user=a%3Ab%40c",
        "jdbc:postgresql://host/acme?sslpasswordcallback=com.example.Callback",
        "jdbc:mysql://host:3306?user=a@b",
        "jdbc:mysql://u@host/acme?passwordCharacterEncoding=UTF-8",
        "jdbc:mariadb://host/password",
        "jdbc:sqlserver://host:1433;user=a@b",
        "jdbc:h2:mem:x;USER=sa;PASSWORD=",
        "jdbc:h2:mem:x;PASSWORD=;DB_CLOSE_DELAY=-1",
        "jdbc:h2:mem:x;PASSWORD_HASH=TRUE",
        "jdbc:h2:file:/home/a:b@c/data",
        "jdbc:h2:ssl://host:8085/~/test;USER=a@b",
        "jdbc:oracle:thin:@//host:1521/acme",
        "jdbc:oracle:thin:@(DESCRIPTION=(ADDRESS=(PROTOCOL=TCP)(HOST=DB)(PORT=1521)))",
        "jdbc:oracle:thin:/@alias",
        "jdbc:oracle:thin:scott@host:1521:acme",
        "jdbc:oracle:thin:@alias?TNS_ADMIN=/etc/a@b",
        "jdbc:sqlite:/data/secret.db",
        "jdbc:db2://host:50000/acme:user=a@b;",
      })
  void whatIsNone_isLeftAlone(String url) {
    assertThat(Database.of(url).url()).isEqualTo(url);
  }

  @ParameterizedTest
  @CsvSource({"'\n'", "'\r'", "'\0'", "'\u001B'", "'\u0085'", "'\u2028'"})
  void controlCharacters_areRefused(String character) {
    String forged = "a" + character + "ERROR forged";
    assertThatThrownBy(() -> Database.of("jdbc:h2:mem:" + forged))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the URL has control characters in it");
    assertThatThrownBy(() -> Database.builder("jdbc:h2:mem:a").user(forged))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the user has control characters in it");
    assertThatThrownBy(() -> Database.builder("jdbc:h2:mem:a").server(forged))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the name of a server has control characters in it");
  }
}
