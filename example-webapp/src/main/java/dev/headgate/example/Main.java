package dev.headgate.example;

import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.eclipse.jetty.ee11.webapp.WebAppContext;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.GracefulHandler;

/**
 * Runs the web application in an embedded Jetty that listens on this machine's loopback addresses
 * alone, until the process is told to end.
 *
 * <p>System properties: {@code port} is 8080 if not given, and 0 takes any free one; {@code data}
 * is the folder of the H2 databases, {@code data} in the module's folder if not given; {@code
 * headgate.example.home} is the module's folder, the working directory if not given.
 */
public final class Main {

  /** How long requests that still run at shutdown may take. */
  static final Duration STOP_TIMEOUT = Duration.ofSeconds(10);

  private Main() {}

  public static void main(String[] args) throws Exception {
    // Otherwise Jetty writes content types in a spelling of its own: charset=utf-8.
    System.setProperty("org.eclipse.jetty.http.HttpGenerator.STRICT", "true");
    var server = new Server();
    try {
      int port = port(System.getProperty("port", "8080"));
      Path home = Path.of(System.getProperty("headgate.example.home", "")).toAbsolutePath();
      Path data = folder(System.getProperty("data", home.resolve("data").toString()));
      // H2 resolves the relative paths of tenants.properties against this.
      System.setProperty("h2.baseDir", data.toString());
      port = listen(server, port);
      server.setHandler(new GracefulHandler(webapp(home.resolve("src/main/webapp"))));
      server.setStopTimeout(STOP_TIMEOUT.toMillis());
      server.setStopAtShutdown(true);
      server.start();
      System.out.println("Ready: http://localhost:" + port + "/");
    } catch (Exception e) {
      System.err.println("The example can't start: " + e.getMessage());
      server.stop();
      System.exit(1);
    }
    server.join();
  }

  private static int port(String value) {
    if (value.matches("[0-9]{1,5}") && Integer.parseInt(value) <= 65535) {
      return Integer.parseInt(value);
    }
    throw new IllegalArgumentException(
        "-Dport=%s is not a port: give a number from 1 to 65535, or 0 for any free one"
            .formatted(value));
  }

  private static Path folder(String value) throws IOException {
    Path folder = Path.of(value).toAbsolutePath().normalize();
    try {
      return Files.createDirectories(folder);
    } catch (IOException e) {
      throw new IOException(
          "the data folder %s can't be made (%s): choose another one with -Ddata=DIR"
              .formatted(folder, e),
          e);
    }
  }

  private static WebAppContext webapp(Path folder) {
    if (!Files.isRegularFile(folder.resolve("WEB-INF/web.xml"))) {
      throw new IllegalArgumentException(
          "there is no web application in %s: set -Dheadgate.example.home to the module's folder"
              .formatted(folder));
    }
    var context = new WebAppContext();
    context.setContextPath("/");
    context.setBaseResourceAsPath(folder);
    // Jetty's defaults would bring a file servlet, and answer 403 to TRACE for every application.
    context.setDefaultsDescriptor(null);
    context.setThrowUnavailableOnStartupException(true);
    return context;
  }

  /** Opens the port on all loopback addresses, and returns it. */
  @SuppressWarnings("AddressSelection") // no name is looked up: "::1" is an address
  private static int listen(Server server, int port) throws IOException {
    int opened = open(server, "127.0.0.1", port);
    if (NetworkInterface.getByInetAddress(InetAddress.getByName("::1")) != null) {
      // Browsers try this one first for *.localhost.
      open(server, "::1", opened);
    }
    return opened;
  }

  private static int open(Server server, String address, int port) throws IOException {
    var configuration = new HttpConfiguration();
    configuration.setSendServerVersion(false);
    var connector = new ServerConnector(server, new HttpConnectionFactory(configuration));
    connector.setHost(address);
    connector.setPort(port);
    // While it stops, Jetty would cut off a request whose body pauses for a second. But connections
    // that are merely kept open hold up the end for as long.
    connector.setShutdownIdleTimeout(STOP_TIMEOUT.dividedBy(2).toMillis());
    server.addConnector(connector);
    try {
      connector.open();
    } catch (IOException e) {
      Throwable reason = e.getCause() == null ? e : e.getCause();
      throw new IOException(
          "port %s can't be opened on %s (%s): choose another one with -Dport=NUMBER"
              .formatted(port, address, reason.getMessage()),
          e);
    }
    return connector.getLocalPort();
  }
}
