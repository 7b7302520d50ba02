package dev.headgate.frameworks.suite;

import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServlet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.apache.catalina.Context;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.util.descriptor.web.FilterDef;
import org.apache.tomcat.util.descriptor.web.FilterMap;

/** Tomcat 11. */
final class TomcatContainer implements Container {

  /** Servlets that fail on purpose, which it tells with their traces. */
  private static final Logger LOG =
      Logger.getLogger("org.apache.catalina.core.ContainerBase.[Tomcat]");

  private final Path folder;
  private final Tomcat tomcat = new Tomcat();

  TomcatContainer(Filter filter, HttpServlet servlet) throws Exception {
    LOG.setLevel(Level.OFF);
    folder = Files.createTempDirectory("headgate-tomcat");
    tomcat.setBaseDir(folder.toString());
    tomcat.setHostname("127.0.0.1");
    tomcat.setPort(0);
    tomcat.getConnector().setProperty("address", "127.0.0.1");
    Context context = tomcat.addContext("", folder.toString());
    FilterDef definition = new FilterDef();
    definition.setFilterName("unit-of-work");
    definition.setFilter(filter);
    definition.setAsyncSupported("true");
    context.addFilterDef(definition);
    FilterMap mapping = new FilterMap();
    mapping.setFilterName("unit-of-work");
    mapping.addURLPattern("/*");
    mapping.setDispatcher("REQUEST");
    mapping.setDispatcher("ASYNC");
    mapping.setDispatcher("ERROR");
    context.addFilterMap(mapping);
    Tomcat.addServlet(context, "work", servlet);
    context.addServletMapping("/*", "work");
    tomcat.start();
    if (!context.getState().isAvailable()) {
      throw new IllegalStateException("the context has not started: " + context.getStateName());
    }
  }

  @Override
  public int port() {
    return tomcat.getConnector().getLocalPort();
  }

  @Override
  public void close() throws Exception {
    tomcat.stop();
    tomcat.destroy();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        delete(file);
      }
    }
  }

  private static void delete(Path file) throws IOException {
    Files.deleteIfExists(file);
  }
}
