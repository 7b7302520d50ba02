package dev.headgate.datasource.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where databases may be that someone else names. */
final class AllowedDatabasesTest {

  private static final AllowedDatabases ALLOWED =
      AllowedDatabases.under(
              "jdbc:postgresql://db.example.com/",
              "jdbc:mysql://db.example.com:3306/",
              "jdbc:h2:mem:",
              "jdbc:h2:file:/data/",
              "jdbc:sqlserver://db.example.com;",
              "jdbc:oracle:thin:@db.example.com:1521:",
              "jdbc:db2://db.example.com:50000/")
          .withProperties("sslmode", "databaseName", "ApplicationName");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "jdbc:postgresql://db.example.com/acme",
        "jdbc:postgresql://db.example.com/acme_2.x-y",
        "jdbc:postgresql://db.example.com/",
        "jdbc:postgresql://db.example.com/acme?sslmode=require&ApplicationName=a",
        "jdbc:postgresql://db.example.com/acme?SSLMODE=require",
        "jdbc:mysql://db.example.com:3306/acme?",
        "jdbc:h2:mem:acme",
        "jdbc:h2:file:/data/acme",
        "jdbc:h2:file:/data/acme/notes",
        "jdbc:sqlserver://db.example.com;databaseName=acme",
        "jdbc:oracle:thin:@db.example.com:1521:acme",
      })
  void whatIsUnderAPrefix_isAllowed(String url) {
    Database database = Database.of(url);
    assertThat(ALLOWED.require(database)).isSameAs(database);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "jdbc:postgresql://db.example.com.evil.example/acme",
        "jdbc:postgresql://db.example.com:5432/acme",
        "jdbc:postgresql://evil.example/acme",
        "jdbc:postgresql://db.example.com,evil.example/acme",
        "jdbc:postgresql://db.example.com@evil.example/acme",
        "jdbc:PostgreSQL://db.example.com/acme",
        "jdbc:mysql://db.example.com:3306,evil.example/acme",
        "jdbc:h2:tcp://evil.example/acme",
        "jdbc:h2:file:/etc/acme",
        "jdbc:sqlserver://db.example.com:1;databaseName=acme",
        "jdbc:hsqldb:mem:x",
      })
  void anotherPlace_isRefused(String url) {
    assertThatThrownBy(() -> ALLOWED.require(Database.of(url)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageEndingWith("is not allowed: its URL begins with none of the allowed ones");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "jdbc:h2:file:/data/../etc/acme",
        "jdbc:h2:file:/data/.hidden",
        "jdbc:h2:file:/data//etc/acme",
        "jdbc:h2:file:/data/a\\..\\b",
        "jdbc:h2:mem:a%3BINIT=x",
        "jdbc:db2://db.example.com:50000/acme:traceFile=/tmp/x;",
        "jdbc:postgresql://db.example.com/acme#x",
        "jdbc:mysql://db.example.com:3306/(host=evil)",
        "jdbc:mysql://db.example.com:3306/acme&allowLoadLocalInfile=true",
        "jdbc:oracle:thin:@db.example.com:1521:acme@evil",
        "jdbc:postgresql://db.example.com/acme x",
      })
  void whatIsMoreThanAName_isRefused(String url) {
    assertThatThrownBy(() -> ALLOWED.require(Database.of(url)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("there is more than a name");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "jdbc:h2:mem:a;INIT=RUNSCRIPT FROM 'canary'",
        "jdbc:h2:mem:a;init=canary",
        "jdbc:h2:mem:a;TRACE_LEVEL_FILE=canary",
        "jdbc:h2:mem:a;DATABASENAME=x;INIT=canary",
        "jdbc:postgresql://db.example.com/a?socketFactory=canary",
        "jdbc:postgresql://db.example.com/a?sslmode=x&socketFactoryArg=canary",
        "jdbc:postgresql://db.example.com/a?sslmode=x;loggerFile=canary",
        "jdbc:postgresql://db.example.com/a?=canary",
        "jdbc:mysql://db.example.com:3306/a?autoDeserialize=canary",
        "jdbc:mysql://db.example.com:3306/a?sslmode=x?allowLoadLocalInfile=canary",
        "jdbc:mysql://db.example.com:3306/a?allowLoadLocal%49nfile=canary",
        "jdbc:mysql://db.example.com:3306/a?queryInterceptors",
        "jdbc:sqlserver://db.example.com;databaseName=a;socketFactoryClass=canary",
        "jdbc:sqlserver://db.example.com;serverName=canary",
      })
  void aPropertyOfTheUrl_isRefused_andItsValueNotShown(String url) {
    assertThatThrownBy(() -> ALLOWED.require(Database.of(url)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("none of the allowed ones")
        .hasMessageNotContaining("canary");
  }

  @Test
  void aPropertyApartFromTheUrl_isRefused_butUserAndPasswordAreNot() {
    Database.Builder builder =
        Database.builder("jdbc:h2:mem:a").user("u").password("p").property("SslMode", "x");
    ALLOWED.require(builder.build());

    assertThatThrownBy(() -> ALLOWED.require(builder.property("INIT", "canary").build()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "jdbc:h2:mem:a is not allowed: the driver property INIT is none of the allowed ones");
  }

  @Test
  void withoutPropertiesNoneIsAllowed() {
    assertThatThrownBy(
            () ->
                AllowedDatabases.under("jdbc:h2:mem:")
                    .require(Database.of("jdbc:h2:mem:a;sslmode=x")))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "jdbc:",
        "jdbc:postgresql://db.example.com",
        "jdbc:postgresql://db.example.com:",
        "jdbc:postgresql://",
        "jdbc:postgresql://db.example.com/acme",
        "postgresql://db.example.com/",
      })
  void aPrefixOfOtherHosts_isRefused(String prefix) {
    assertThatThrownBy(() -> AllowedDatabases.under(prefix))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("\"" + prefix + "\"");
  }

  @Test
  void noPrefix_isRefused() {
    assertThatThrownBy(AllowedDatabases::under)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("there is no prefix");
  }
}
