package dev.headgate.containers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.containers.webapp.ForwardServlet;
import dev.headgate.containers.webapp.ForwardedServlet;
import dev.headgate.containers.webapp.Forwarding;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The response is held after {@code RequestDispatcher.forward} too. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class ForwardContract {

  private @Nullable Notebook started;

  protected abstract ServletContainer container();

  @BeforeAll
  void start() throws Exception {
    var notebook = new Notebook(container(), new Variant(Registration.WEB_XML, Storage.POSTGRESQL));
    started = notebook;
    notebook.webapp().add(Forwarding.class, ForwardServlet.class, ForwardedServlet.class);
    notebook.start();
  }

  @AfterAll
  void stop() throws IOException {
    notebook().close();
  }

  private Notebook notebook() {
    return Objects.requireNonNull(started);
  }

  @ParameterizedTest
  @CsvSource({
    "acme.localhost, return, stream, 10, 200",
    "acme.localhost, return, writer, 10, 200",
    "acme.localhost, return, stream, 100000, 200",
    "acme.localhost, return, writer, 100000, 200",
    "globex.localhost, return, stream, 10, 200",
    "acme.localhost, throw, stream, 10, 500",
    "acme.localhost, throw, writer, 10, 500",
    "acme.localhost, throw, stream, 100000, 500",
    "acme.localhost, throw, writer, 100000, 500",
    "globex.localhost, throw, stream, 10, 500",
    "acme.localhost, roll-back, stream, 10, 500",
    "globex.localhost, roll-back, stream, 100000, 500",
    "acme.localhost, break-commit, stream, 10, 500",
    "acme.localhost, break-commit, writer, 10, 500",
    "acme.localhost, break-commit, stream, 100000, 500",
    "acme.localhost, break-commit, writer, 100000, 500"
  })
  void aForwardedAnswerIsSentIfTheWorkIsCommitted(
      String host, String then, String by, int size, int status) throws IOException {
    List<Note> before = notebook().notes(host);
    Answer answer =
        notebook().post(host, "/forward?then=%s&by=%s&size=%d".formatted(then, by, size), "");
    assertThat(answer.status()).as("%s", answer).isEqualTo(status);
    if (status == 200) {
      assertThat(answer.header("X-Forwarded-Answer")).isEqualTo("yes");
      assertThat(answer.text()).isEqualTo("Forwarded!".repeat(size / 10));
      assertThat(notebook().notes(host)).hasSize(before.size() + 1);
    } else {
      assertThat(answer.header("X-Forwarded-Answer")).isNull();
      assertThat(answer.text()).doesNotContain("Forwarded!");
      assertThat(notebook().notes(host)).isEqualTo(before);
    }
  }
}
