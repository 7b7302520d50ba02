package dev.headgate.containers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whose request it is. */
abstract class TenantsContract {

  private static final List<String> HOSTS =
      List.of("acme.localhost", "globex.localhost", "initech.localhost");

  abstract Notebook notebook();

  @Test
  void aNoteIsInTheNotebookOfItsTenantAlone() throws IOException {
    for (String host : HOSTS) {
      notebook().store(host, "only on " + host);
    }
    for (String host : HOSTS) {
      String page = notebook().get(host, "/").text();
      for (String other : HOSTS) {
        if (other.equals(host)) {
          assertThat(notebook().texts(host)).contains("only on " + other);
          assertThat(page).contains("only on " + other);
        } else {
          assertThat(notebook().texts(host)).doesNotContain("only on " + other);
          assertThat(page).doesNotContain("only on " + other);
        }
      }
    }
  }

  @Test
  void requestsOfOneConnectionGoToTheTenantOfEach() throws IOException {
    List<String> expected = new ArrayList<>();
    try (Client client = notebook().connect()) {
      for (int i = 0; i < 30; i++) {
        String host = HOSTS.get(i % HOSTS.size());
        Answer posted =
            client.send("POST", host, "/notes", Notebook.form("connection %d".formatted(i)));
        assertThat(posted.status()).as("%s", posted).isEqualTo(303);
        if (host.equals("globex.localhost")) {
          expected.add("connection %d".formatted(i));
        }
        // Between two tenants, one request that has none and one that is refused.
        assertThat(client.send("GET", "localhost", "/", null).status()).isEqualTo(200);
        assertThat(client.send("GET", "nobody.localhost", "/notes", null).status()).isEqualTo(404);
      }
    }
    assertThat(notebook().texts("globex.localhost"))
        .filteredOn(text -> text.startsWith("connection "))
        .isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ACME.localhost", "Acme.LocalHost", "acme.localhost:8080"})
  void anotherFormOfTheHostIsTheSameTenant(String host) throws IOException {
    Note note = notebook().store("acme.localhost", "for " + host);
    assertThat(notebook().notes(host)).contains(note);
    assertThat(notebook().get(host, "/").text()).contains("for " + host);
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /",
    "GET, /notes",
    "HEAD, /notes",
    "POST, /notes",
    "POST, /notes?fail=after-insert",
    "POST, /notes?fail=status",
    "POST, /notes?fail=swallow",
    "POST, /notes?fail=commit",
    "POST, /notes?fail=unknown"
  })
  void anUnknownTenantIs404AndGetsNoPool(String method, String target) throws IOException {
    Object before = totals();
    try (Client client = notebook().connect()) {
      String form = method.equals("POST") ? Notebook.form("nobody's") : null;
      Answer answer = client.sendLast(method, "nobody.localhost", target, form);
      assertThat(answer.status()).as("%s", answer).isEqualTo(404);
      assertThat(answer.header("Location")).isNull();
    }
    assertThat(totals()).isEqualTo(before);
  }

  private Object totals() throws IOException {
    Object pools = Json.parse(notebook().get("localhost", "/pools.json").text());
    return List.of(Json.member(pools, "totals"), Json.items(Json.member(pools, "pools")).size());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "localhost",
        "localhost:8080",
        "LOCALHOST",
        "127.0.0.1",
        "127.0.0.1:8080",
        "[::1]"
      })
  void notesWithoutATenantAre400(String host) throws IOException {
    assertIs400(host, "/notes");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a.b.localhost",
        "acme.globex.localhost",
        "-acme.localhost",
        "acme-.localhost",
        "ac_me.localhost",
        ".localhost",
        "acme..localhost",
        "acme%2e.localhost",
        "ac me.localhost",
        "a'b.localhost",
        "../acme.localhost",
        "äcme.localhost",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.localhost"
      })
  void aMalformedLabelIs400(String host) throws IOException {
    assertIs400(host, "/");
    assertIs400(host, "/notes");
  }

  private void assertIs400(String host, String target) throws IOException {
    Answer got = notebook().get(host, target);
    assertThat(got.status()).as("GET %s: %s", target, got).isEqualTo(400);
    Answer posted = notebook().add(host, "/notes", "whose?");
    assertThat(posted.status()).as("POST: %s", posted).isEqualTo(400);
  }

  @Test
  void aLabelOf63CharactersIsWellFormed() throws IOException {
    Answer answer = notebook().get("a".repeat(63) + ".localhost", "/notes");
    assertThat(answer.status()).as("%s", answer).isEqualTo(404);
  }

  @Test
  void nothingOfARefusedRequestIsStored() throws IOException {
    List<List<Note>> before = new ArrayList<>();
    for (String host : HOSTS) {
      before.add(notebook().notes(host));
    }
    for (String host : List.of("nobody.localhost", "a.acme.localhost", "localhost", "127.0.0.1")) {
      notebook().add(host, "/notes", "refused");
    }
    for (int i = 0; i < HOSTS.size(); i++) {
      assertThat(notebook().notes(HOSTS.get(i))).isEqualTo(before.get(i));
    }
  }
}
