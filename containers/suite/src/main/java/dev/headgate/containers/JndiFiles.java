package dev.headgate.containers;

import dev.headgate.containers.webapp.PublishedServlet;
import dev.headgate.containers.webapp.Publishing;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** What docs/jndi.md shows, and the example with it. */
final class JndiFiles {

  static final List<String> ALL =
      List.of(
          "listener.xml", "headgate.properties", "filter.xml", "data-source.xml", "context.xml");

  private JndiFiles() {}

  static String read(String name) throws IOException {
    try (InputStream bytes = JndiFiles.class.getResourceAsStream("/jndi/" + name)) {
      return new String(Objects.requireNonNull(bytes, name).readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** Gives the filter this data source, or none, in place of its settings. */
  static void setFilter(Webapp webapp, String dataSource) throws IOException {
    webapp.changeWebXml(
        "(?s)<filter>.*</filter>",
        read("filter.xml").replace("</filter>", dataSource + "</filter>"));
    webapp.add(Publishing.class, PublishedServlet.class);
  }

  /** Gives the filter a data source by its name. */
  static String dataSource(String name) throws IOException {
    return replaced(read("data-source.xml"), "java:comp/env/jdbc/tenants", name);
  }

  static void addListener(Webapp webapp) throws IOException {
    webapp.addToWebXml(read("listener.xml"));
    webapp.write("WEB-INF/headgate.properties", read("headgate.properties"));
  }

  /** Copies a web application. */
  static Path copy(Path webapp, Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(webapp)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        Files.copy(file, folder.resolve(webapp.relativize(file).toString()));
      }
    }
    return folder;
  }

  /** Replaces what has to be there. */
  static String replaced(String text, String old, String by) {
    if (!text.contains(old)) {
      throw new IllegalArgumentException("%s is not in %s".formatted(old, text));
    }
    return text.replace(old, by);
  }
}
