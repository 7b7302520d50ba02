package dev.headgate.example;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The main class, in a process of its own. */
class ReadyTest {

  private static final int SECONDS = 30;

  @TempDir Path folder;

  @Test
  void aProcessThatWasToldToEndHasItsNotesWhenItIsStartedAgain() throws Exception {
    try (Example example = start()) {
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
    try (Example example = start()) {
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

  private Example start() throws Exception {
    Path errors = folder.resolve("stderr.txt");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "-Dport=0",
                "-Ddata=" + data(),
                "-Dheadgate.example.home=" + System.getProperty("user.dir"),
                Main.class.getName())
            .redirectError(errors.toFile())
            .start();
    try {
      BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
      String line =
          CompletableFuture.supplyAsync(() -> output.lines().findFirst().orElse("nothing"))
              .get(SECONDS, TimeUnit.SECONDS);
      assertThat(line)
          .as("the first line; on standard error:%n%s", Files.readString(errors))
          .matches("Ready: http://localhost:[0-9]+/");
      return new Example(process, output, URI.create(line.substring("Ready: ".length())).getPort());
    } catch (Throwable e) {
      process.destroyForcibly();
      throw e;
    }
  }

  private record Example(Process process, BufferedReader output, int port)
      implements AutoCloseable {

    String get(String host, String target) throws IOException {
      return send(
          "GET %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n".formatted(target, host));
    }

    String post(String host, String target, String form) throws IOException {
      return send(
          """
          POST %s HTTP/1.1\r
          Host: %s\r
          Connection: close\r
          Content-Type: application/x-www-form-urlencoded\r
          Content-Length: %d\r
          \r
          %s\
          """
              .formatted(target, host, form.length(), form));
    }

    private String send(String request) throws IOException {
      try (var socket = new Socket(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port)) {
        socket.setSoTimeout(SECONDS * 1000);
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      }
    }

    /** Sends SIGTERM, and waits for the end. */
    void terminate() throws Exception {
      // The process's own destroy() would close its output too.
      process.toHandle().destroy();
      assertThat(process.waitFor(SECONDS, TimeUnit.SECONDS)).as("that it ends").isTrue();
      assertThat(process.exitValue()).as("128 + SIGTERM").isEqualTo(143);
      assertThat(output.lines()).as("after the line that it is ready").isEmpty();
    }

    @Override
    public void close() {
      process.destroyForcibly();
    }
  }
}
