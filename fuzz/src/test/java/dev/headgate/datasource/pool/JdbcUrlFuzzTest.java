package dev.headgate.datasource.pool;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.headgate.fuzz.Drivers;
import dev.headgate.fuzz.Input;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** JDBC URLs: what is refused, which server they lead to, and what is shown of them. */
class JdbcUrlFuzzTest {

  private static final Set<String> REFUSALS =
      Set.of(
          "not a JDBC URL: it has to start with jdbc: and name a database",
          "the URL has control characters in it",
          "the URL has an address=( that does not end: close the parenthesis",
          "the URL has a password in it, where logs and drivers may show it: give it apart, as the"
              + " password or a driver property");

  private static final AllowedDatabases ALLOWED =
      AllowedDatabases.under("jdbc:postgresql://db.example.com:5432/", "jdbc:h2:mem:")
          .withProperties("sslmode", "DB_CLOSE_DELAY");

  private static Optional<Database> database(String url) {
    try {
      return Optional.of(Database.of(url));
    } catch (IllegalArgumentException e) {
      assertThat(REFUSALS).contains(e.getMessage());
      return Optional.empty();
    }
  }

  @FuzzTest
  void aPasswordIsRefused(byte[] input) {
    String url = Input.text(input);
    if (database(url).isPresent()) {
      assertThat(Drivers.findPassword(url)).isFalse();
    }
    for (String password :
        new String[] {
          "?password=canary", "&password=canary", ";PASSWORD=canary", "?a=b&pwd=canary"
        }) {
      assertThat(database(url + password)).isEmpty();
    }
  }

  @FuzzTest
  void onlyWhatLeadsThereIsShown(byte[] input) {
    String url = Input.text(input);
    database(url)
        .ifPresent(
            database -> {
              String address = database.address();
              assertThat(address)
                  .matches("jdbc(:[^\\p{Cntrl}?;]*)?")
                  .hasSizeLessThanOrEqualTo(url.length());
              assertThat(database.toString()).isEqualTo(address);
              assertThat(database.url()).isEqualTo(url);
              assertThat(Database.of(url)).isEqualTo(database).hasSameHashCodeAs(database);
            });
  }

  @FuzzTest
  void theServerIsThatOfTheHosts(byte[] input) {
    String url = Input.text(input);
    Optional<Database> database = database(url);
    if (database.isEmpty()) {
      return;
    }
    Optional<String> server = database.get().server();
    server.ifPresent(
        name -> {
          assertThat(name).isNotBlank().doesNotContain("@").doesNotContainPattern("[\\p{Cntrl}?;]");
          assertThat(name).isLowerCase();
        });
    int end = url.indexOf('?');
    if (end < 0) {
      for (String further :
          new String[] {"?a=//evil.example", "?host=evil.example&a=@evil.example"}) {
        database(url + further).ifPresent(more -> assertThat(more.server()).isEqualTo(server));
      }
      Optional<String> reached = Drivers.server(url);
      if (url.indexOf(';') < 0
          && reached.isPresent()
          && server.isPresent()
          && server.get().contains(":")) {
        assertThat(server).isEqualTo(reached);
      }
    } else {
      database(url.substring(0, end))
          .ifPresent(bare -> assertThat(bare.server()).isEqualTo(server));
    }
  }

  @FuzzTest
  void whatIsAllowedLeadsNowhereElse(byte[] input) {
    String url = Input.text(input);
    Optional<Database> database = database(url);
    if (database.isEmpty()) {
      return;
    }
    try {
      ALLOWED.require(database.get());
    } catch (IllegalArgumentException e) {
      assertThat(e).message().startsWith(database.get().address() + " is not allowed: ");
      return;
    }
    assertThat(url).matches("jdbc:(postgresql://db\\.example\\.com:5432/|h2:mem:).*");
    if (url.startsWith("jdbc:h2:")) {
      assertThat(Drivers.apartFromNames(url))
          .isIn(Map.of(), Drivers.apartFromNames("jdbc:h2:mem:acme"));
    }
    Drivers.postgres(url)
        .ifPresent(
            read -> {
              assertThat(read)
                  .containsEntry("PGHOST", "db.example.com")
                  .containsEntry("PGPORT", "5432");
              Set<String> further = new TreeSet<>(read.keySet());
              further.removeAll(Drivers.postgres("jdbc:postgresql://h/d").orElseThrow().keySet());
              further.removeIf(
                  name ->
                      name.replaceAll("[?;]", "").trim().matches("(?i)sslmode|DB_CLOSE_DELAY|"));
              assertThat(further).isEmpty();
            });
  }
}
