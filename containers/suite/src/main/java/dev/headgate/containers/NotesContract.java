package dev.headgate.containers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Storing and listing notes. */
abstract class NotesContract {

  private static final String ACME = "acme.localhost";

  /** U+1D11E, outside of the basic plane: one code point, two chars, four bytes. */
  private static final String CLEF = "\uD834\uDD1E";

  abstract Notebook notebook();

  @Test
  void storingANoteRedirectsToTheTenantsPage() throws IOException {
    String host = ACME + ":" + notebook().port();
    Answer answer = notebook().add(host, "/notes", "redirects");
    assertThat(answer.status()).as("%s", answer).isEqualTo(303);
    URI asked = URI.create("http://" + host + "/notes");
    assertThat(answer.header("Location")).isNotNull();
    assertThat(asked.resolve(answer.header("Location")))
        .isEqualTo(URI.create("http://" + host + "/"));
  }

  @Test
  void theListIsExactlyTheNotesById() throws IOException {
    notebook().store(ACME, "one");
    notebook().store(ACME, "two");
    Answer answer = notebook().get(ACME, "/notes");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.header("Content-Type")).isEqualTo("application/json");
    List<Note> notes = notebook().notes(ACME);
    assertThat(notes).extracting(Note::id).doesNotHaveDuplicates().isSorted();
    assertThat(notes).extracting(Note::text).endsWith("one", "two");
    Note last = notes.get(notes.size() - 1);
    assertThat(answer.text())
        .startsWith("[{\"id\":")
        .endsWith(",{\"id\":%d,\"text\":\"two\"}]".formatted(last.id()));
  }

  @Test
  void textIsTrimmed() throws IOException {
    assertThat(notebook().store(ACME, " \t\r\n trimmed \n\t ").text()).isEqualTo("trimmed");
    assertThat(notebook().store(ACME, "in  side").text()).isEqualTo("in  side");
  }

  @ParameterizedTest
  @MethodSource
  void textOf1To1000CodePointsIsStored(String text) throws IOException {
    assertThat(notebook().store(ACME, text).text()).isEqualTo(text.strip());
    assertThat(notebook().store("globex.localhost", text).text()).isEqualTo(text.strip());
  }

  static List<String> textOf1To1000CodePointsIsStored() {
    return List.of(
        "x",
        CLEF,
        "x".repeat(1000),
        "ä".repeat(1000),
        "\u20AC".repeat(1000),
        CLEF.repeat(1000),
        " ".repeat(500) + CLEF.repeat(1000) + "\n".repeat(500));
  }

  @ParameterizedTest
  @MethodSource
  void missingEmptyOrTooLongTextIs400(String form) throws IOException {
    for (String host : List.of(ACME, "globex.localhost")) {
      assertRefused(host, "/notes", form);
      assertRefused(host, "/notes?fail=after-insert", form);
    }
  }

  static List<String> missingEmptyOrTooLongTextIs400() {
    return List.of(
        "",
        "other=x",
        "Text=x",
        "text",
        "text=",
        "text=+",
        "text=%20%09%0D%0A",
        Notebook.form("x".repeat(1001)),
        Notebook.form(CLEF.repeat(1001)),
        Notebook.form("x".repeat(100_000)));
  }

  @Test
  void aRequestWithoutABodyIs400() throws IOException {
    Answer answer = notebook().send("POST", ACME, "/notes");
    assertThat(answer.status()).as("%s", answer).isIn(400, 411);
  }

  @Test
  void textInTheQueryIsNoFormField() throws IOException {
    assertRefused(ACME, "/notes?text=from-the-query", "");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/notes?fail=unknown",
        "/notes?fail=",
        "/notes?fail",
        "/notes?fail=After-Insert",
        "/notes?fail=after-insert%20",
        "/notes?fail=status&fail=commit"
      })
  void anUnknownFailIs400(String target) throws IOException {
    assertRefused(ACME, target, Notebook.form("unknown fail"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "text=%ff",
        "text=%ED%A0%80",
        "text=%C3",
        "text=%zz",
        "text=%4",
        "text=a%00b",
        "text=a&text=b"
      })
  void whatCannotBeDecodedOrStoredIs400(String form) throws IOException {
    assertRefused(ACME, "/notes", form);
    assertRefused("globex.localhost", "/notes", form);
  }

  private void assertRefused(String host, String target, String form) throws IOException {
    List<Note> before = notebook().notes(host);
    Answer answer = notebook().post(host, target, form);
    assertThat(answer.status()).as("%s", answer).isEqualTo(400);
    assertThat(answer.text()).isNotBlank();
    assertThat(answer.header("Location")).isNull();
    assertThat(notebook().notes(host)).isEqualTo(before);
  }
}
