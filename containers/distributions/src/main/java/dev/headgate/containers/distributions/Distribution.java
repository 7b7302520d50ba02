package dev.headgate.containers.distributions;

import dev.headgate.containers.ServletContainer;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A container as it is downloaded, with a WAR dropped into it as {@code docs/containers.md} says.
 */
final class Distribution implements ServletContainer {

  private static final Duration BOUND = Duration.ofSeconds(60);

  private final String heading;
  private final Map<String, String> variables;
  private final String base;
  private final Pattern started;
  private String log = "";

  /** {@code started} is what it logs when it has started, with its port as the first group. */
  private Distribution(String heading, Map<String, String> variables, String base, String started) {
    this.heading = heading;
    this.variables = variables;
    this.base = base;
    this.started = Pattern.compile(started, Pattern.DOTALL);
  }

  static Distribution tomcat10() {
    return tomcat("headgate.tomcat10.home");
  }

  static Distribution tomcat11() {
    return tomcat("headgate.tomcat11.home");
  }

  private static Distribution tomcat(String property) {
    return new Distribution(
        "Tomcat 10.1 and 11",
        Map.of("CATALINA_HOME", home(property)),
        "CATALINA_BASE",
        "Starting ProtocolHandler \\[\"http-nio-127\\.0\\.0\\.1-auto-1-(\\d+)\"].*Server startup in");
  }

  static Distribution jettyEe10() {
    return jetty("ee10");
  }

  static Distribution jettyEe11() {
    return jetty("ee11");
  }

  private static Distribution jetty(String jakartaEe) {
    return new Distribution(
        "Jetty 12.1",
        Map.of("JETTY_HOME", home("headgate.jetty.home"), "JAKARTA_EE", jakartaEe),
        "JETTY_BASE",
        "Started oejs\\.ServerConnector@[^\n]*\\{127\\.0\\.0\\.1:(\\d+)}.*Started oejs\\.Server@");
  }

  private static String home(String property) {
    String home = System.getProperty(property);
    if (home == null || !Files.isDirectory(Path.of(home))) {
      throw new IllegalStateException(
          "there is no unpacked distribution at %s: run \"mvn verify\" in the project's root, or"
                  .formatted(home)
              + " unpack one and set -D%s=FOLDER".formatted(property));
    }
    return home;
  }

  @Override
  public Running start(Path webapp, Map<String, String> users) throws Exception {
    if (!users.isEmpty()) {
      throw new IllegalArgumentException("no one can log in to a distribution as it is downloaded");
    }
    // Next to the web application, with which it is deleted.
    Path folder = Files.createTempDirectory(webapp.toAbsolutePath().getParent(), "container");
    Path war = folder.resolve("application.war");
    War.pack(webapp, war);
    Path baseFolder = folder.resolve("base");
    Map<String, String> values = new HashMap<>(variables);
    values.put(base, baseFolder.toString());
    values.put("WAR", war.toString());
    values.put("DATA", System.getProperty("h2.baseDir"));
    values.put("PORT", "0");
    Guide guide = Guide.read(heading, values);
    Shell.run(guide.layOut(), folder.resolve("lay-out.log"), BOUND);
    Server server = Server.start(guide.start(), folder.resolve("container.log"));
    int port = Integer.parseInt(server.awaitOutput(started, BOUND).group(1));
    String failure = failure(port);
    if (failure != null) {
      server.stop(BOUND);
      throw new IllegalStateException(
          "the web application does not answer: %s. The container's log:%n%s"
              .formatted(failure, log(server, baseFolder)));
    }
    return new Running() {
      @Override
      public int port() {
        return port;
      }

      @Override
      public Deployed deploy(String path, Path webapp) {
        throw new UnsupportedOperationException("a distribution gets its WARs before it starts");
      }

      @Override
      public void stop() throws Exception {
        server.stop(BOUND);
        log = log(server, baseFolder);
      }
    };
  }

  /** Returns what the one logged that was stopped last. */
  String log() {
    return log;
  }

  /** Asks for the first page. The containers have deployed what they can before they listen. */
  private static @Nullable String failure(int port) {
    try {
      var connection =
          (HttpURLConnection) URI.create("http://127.0.0.1:" + port + "/").toURL().openConnection();
      connection.setReadTimeout((int) BOUND.toMillis());
      // Kept alive, it would leave a thread.
      connection.setRequestProperty("Connection", "close");
      int status = connection.getResponseCode();
      connection.disconnect();
      return status == HttpURLConnection.HTTP_OK ? null : "status " + status;
    } catch (IOException e) {
      return e.toString();
    }
  }

  /** Why an application failed is in a file of its own in Tomcat, logs/localhost.*.log. */
  private static String log(Server server, Path base) throws IOException {
    var text = new StringBuilder(server.output());
    Path logs = base.resolve("logs");
    if (Files.isDirectory(logs)) {
      List<Path> files;
      try (Stream<Path> all = Files.list(logs)) {
        files = all.filter(file -> file.getFileName().toString().startsWith("localhost.")).toList();
      }
      for (Path file : files) {
        text.append(Files.readString(file, StandardCharsets.ISO_8859_1));
      }
    }
    return text.toString();
  }
}
