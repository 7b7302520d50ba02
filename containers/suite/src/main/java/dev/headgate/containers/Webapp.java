package dev.headgate.containers;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** The example's WAR, unpacked into a folder. */
final class Webapp {

  private static final String WAR = "headgate.example.war";

  private static final String EMPTY_WEB_XML =
      """
      <?xml version="1.0" encoding="UTF-8"?>
      <web-app xmlns="https://jakarta.ee/xml/ns/jakartaee" version="6.0" metadata-complete="true">
      </web-app>
      """;

  private final Path folder;

  private Webapp(Path folder) {
    this.folder = folder;
  }

  /** Unpacks the WAR that the build has made. */
  static Webapp unpack(Path folder) throws IOException {
    try (var war = new ZipInputStream(Files.newInputStream(war()))) {
      for (ZipEntry entry = war.getNextEntry(); entry != null; entry = war.getNextEntry()) {
        Path file = folder.resolve(entry.getName());
        if (entry.isDirectory()) {
          Files.createDirectories(file);
        } else {
          Files.createDirectories(file.getParent());
          Files.copy(war, file);
        }
      }
    }
    return new Webapp(folder);
  }

  private static Path war() {
    String war = System.getProperty(WAR);
    if (war == null || !Files.isRegularFile(Path.of(war))) {
      throw new IllegalStateException(
          "there is no WAR at %s: run \"mvn verify\" in the project's root, or \"mvn package\" there"
                  .formatted(war)
              + " and set -D%s=FILE".formatted(WAR));
    }
    return Path.of(war);
  }

  Path folder() {
    return folder;
  }

  /** Changes the one entry that says where a tenant's data lives. */
  void setUrl(String tenant, String url, String password) throws IOException {
    Path file = folder.resolve("WEB-INF/tenants.properties");
    String entries = Files.readString(file);
    String changed =
        entries.replaceAll(
            "(?m)^" + Pattern.quote(tenant) + "\\.url = .*$",
            "%1$s.url = %2$s%n%1$s.password = %3$s".formatted(tenant, url, password));
    if (changed.equals(entries)) {
      throw new IllegalStateException("%s has no line \"%s.url = …\"".formatted(file, tenant));
    }
    Files.writeString(file, changed);
  }

  /** Adds an entry that says where a tenant's data lives. */
  void addUrl(String tenant, String url) throws IOException {
    Files.writeString(
        folder.resolve("WEB-INF/tenants.properties"),
        "%n%s.url = %s%n".formatted(tenant, url),
        StandardOpenOption.APPEND);
  }

  /** Replaces the resolver of the web.xml, and its init-params. */
  void setResolver(String... params) throws IOException {
    var changed = new StringBuilder();
    for (int i = 0; i < params.length; i += 2) {
      changed.append(
          "<init-param><param-name>%s</param-name><param-value>%s</param-value></init-param>"
              .formatted(params[i], params[i + 1]));
    }
    changeWebXml(
        "(?s)<init-param>\\s*<param-name>resolver<.*<param-value>localhost</param-value>\\s*"
            + "</init-param>",
        changed.toString());
  }

  /** Adds elements to the end of the web.xml. */
  void addToWebXml(String elements) throws IOException {
    changeWebXml("</web-app>", elements + "</web-app>");
  }

  /** Replaces the only place in the web.xml that matches. */
  void changeWebXml(String regex, String replacement) throws IOException {
    String webXml = Files.readString(webXml());
    Matcher matcher = Pattern.compile(regex).matcher(webXml);
    if (matcher.results().count() != 1) {
      throw new IllegalStateException("not exactly once in the web.xml: " + regex);
    }
    Files.writeString(webXml(), matcher.replaceAll(Matcher.quoteReplacement(replacement)));
  }

  /** Writes a file of the web application. */
  void write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  /** Takes everything out of the web.xml. */
  void clearWebXml() throws IOException {
    Files.writeString(webXml(), EMPTY_WEB_XML);
  }

  /** Adds a listener to the classes and to the web.xml, with further classes that it uses. */
  void add(Class<?> listener, Class<?>... others) throws IOException {
    addToWebXml(
        "<listener><listener-class>%s</listener-class></listener>".formatted(listener.getName()));
    addClass(listener);
    for (Class<?> other : others) {
      addClass(other);
    }
  }

  private Path webXml() {
    return folder.resolve("WEB-INF/web.xml");
  }

  /** Adds a class to those of the web application. */
  void addClass(Class<?> type) throws IOException {
    String name = type.getName().replace('.', '/') + ".class";
    Path file = folder.resolve("WEB-INF/classes").resolve(name);
    Files.createDirectories(file.getParent());
    try (InputStream bytes = Webapp.class.getClassLoader().getResourceAsStream(name)) {
      Files.copy(Objects.requireNonNull(bytes, name), file);
    }
  }
}
