package dev.headgate.example;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The main class, in a process of its own. */
class ReadyTest {

  @TempDir Path folder;

  @Test
  void aProcessThatWasToldToEndHasItsNotesWhenItIsStartedAgain() throws Exception {
    try (ExampleProcess example = start()) {
      assertThat(example.get("localhost", "/"))
          .startsWith("HTTP/1.1 200 ")
          .contains("\r\nContent-Type: text/html;charset=UTF-8\r\n");
      for (String tenant : new String[] {"acme", "globex"}) {
        assertThat(example.post(tenant + ".localhost", "/notes", "text=of+" + tenant))
            .startsWith("HTTP/1.1 303 ");
        assertThat(example.post(tenant + ".localhost", "/notes?fail=after-insert", "text=failed"))
            .startsWith("HTTP/1.1 500 ");
      }
      example.terminate();
    }
    assertIsClean("acme.mv.db");
    assertIsClean("globex.mv.db");
    try (Stream<Path> files = Files.list(data())) {
      assertThat(files).extracting(Path::getFileName).hasSize(2);
    }
    try (ExampleProcess example = start()) {
      for (String tenant : new String[] {"acme", "globex"}) {
        assertThat(example.get(tenant + ".localhost", "/notes"))
            .endsWith("\r\n\r\n[{\"id\":1,\"text\":\"of %s\"}]".formatted(tenant));
      }
      assertThat(example.get("initech.localhost", "/notes")).endsWith("\r\n\r\n[]");
      assertThat(example.get("localhost", "/pools"))
          .startsWith("HTTP/1.1 200 ")
          .contains("\r\nContent-Type: text/html;charset=UTF-8\r\n")
          .contains("\r\nContent-Security-Policy: default-src 'none';");
      assertThat(example.get("acme.localhost", "/pools")).startsWith("HTTP/1.1 404 ");
      assertThat(example.get("localhost", "/pools.json"))
          .contains("\"servers\":[{\"name\":\"notebook\",\"budget\":20,\"open\":3,\"busy\":0,");
      example.terminate();
    }
  }

  private Path data() {
    return folder.resolve("data");
  }

  /** H2 puts this into the head of a file that it has closed as it should be. */
  private void assertIsClean(String database) throws IOException {
    try (InputStream in = Files.newInputStream(data().resolve(database))) {
      assertThat(new String(in.readNBytes(4096), StandardCharsets.ISO_8859_1)).contains("clean:1");
    }
  }

  private ExampleProcess start() throws Exception {
    return ExampleProcess.start(
        Path.of(System.getProperty("user.dir")), data(), folder.resolve("stderr.txt"));
  }
}
