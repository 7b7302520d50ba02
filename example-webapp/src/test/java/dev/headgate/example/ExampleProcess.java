package dev.headgate.example;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** The main class in a process of its own. */
record ExampleProcess(Process process, BufferedReader output, int port) implements AutoCloseable {

  private static final int SECONDS = 30;

  /**
   * Starts one, and waits until it is ready.
   *
   * @param home the folder with {@code src/main/webapp}
   * @param data the folder of the databases
   * @param errors where its standard error goes
   */
  static ExampleProcess start(Path home, Path data, Path errors) throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "-Dport=0",
                "-Ddata=" + data,
                "-Dheadgate.example.home=" + home,
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
      return new ExampleProcess(
          process, output, URI.create(line.substring("Ready: ".length())).getPort());
    } catch (Throwable e) {
      process.destroyForcibly();
      throw e;
    }
  }

  /** Opens a connection to it. */
  Socket connect() throws IOException {
    Socket socket = new Socket(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port);
    socket.setSoTimeout(SECONDS * 1000);
    return socket;
  }

  String get(String host, String target) throws IOException {
    return send("GET %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n".formatted(target, host));
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
    try (Socket socket = connect()) {
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** Sends SIGTERM. */
  void tellToEnd() {
    // The process's own destroy() would close its output too.
    process.toHandle().destroy();
  }

  /** Waits for the end after {@link #tellToEnd}. */
  void awaitEnd() throws InterruptedException {
    assertThat(process.waitFor(SECONDS, TimeUnit.SECONDS)).as("that it ends").isTrue();
    assertThat(process.exitValue()).as("128 + SIGTERM").isEqualTo(143);
    assertThat(output.lines()).as("after the line that it is ready").isEmpty();
  }

  /** Sends SIGTERM, and waits for the end. */
  void terminate() throws InterruptedException {
    tellToEnd();
    awaitEnd();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
