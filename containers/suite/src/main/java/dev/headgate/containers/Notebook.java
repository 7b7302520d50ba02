package dev.headgate.containers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;
import org.h2.Driver;
import org.jspecify.annotations.Nullable;

/**
 * The example, deployed in a container with new and empty databases. One at a time in a JVM: its H2
 * databases are where the system property {@code h2.baseDir} says.
 */
final class Notebook implements AutoCloseable {

  private static final String H2_FOLDER = "h2.baseDir";

  private final ServletContainer container;
  private final Path folder;
  private final Webapp webapp;
  private final Map<String, String> users = new HashMap<>();
  private ServletContainer.@Nullable Running running;

  /** Unpacks the example without starting it, so that it can be changed. */
  Notebook(ServletContainer container, Variant variant) throws Exception {
    this.container = container;
    folder = Files.createTempDirectory("headgate-containers");
    webapp = Webapp.unpack(Files.createDirectory(folder.resolve("webapp")));
    variant.registration().apply(webapp);
    if (variant.storage() == Storage.POSTGRESQL) {
      webapp.setUrl("acme", Postgres.newDatabase(), Postgres.PASSWORD);
    }
  }

  static Notebook started(ServletContainer container, Variant variant) throws Exception {
    var notebook = new Notebook(container, variant);
    try {
      notebook.start();
      return notebook;
    } catch (Throwable e) {
      notebook.close();
      throw e;
    }
  }

  Webapp webapp() {
    return webapp;
  }

  /** Lets a user log in, from the next start on. */
  Notebook user(String name, String password) {
    users.put(name, password);
    return this;
  }

  void start() throws Exception {
    assertThat(System.getProperty(H2_FOLDER)).as("the folder of another notebook").isNull();
    System.setProperty(H2_FOLDER, Files.createDirectories(folder.resolve("data")).toString());
    running = container.start(webapp.folder(), users);
  }

  void stop() {
    try {
      if (running != null) {
        running.stop();
      }
    } catch (Exception e) {
      throw new IllegalStateException("the container can't be stopped", e);
    } finally {
      running = null;
      System.clearProperty(H2_FOLDER);
    }
  }

  /** Starts another web application beside this one. */
  void deploy(String path, Path webapp) throws Exception {
    running().deploy(path, webapp);
  }

  /** Opens a tenant's database in H2, as one can when no web application has it open. */
  void assertReleased(String tenant) throws SQLException {
    String url = "jdbc:h2:file:%s/%s;IFEXISTS=TRUE".formatted(folder.resolve("data"), tenant);
    try (Connection connection = new Driver().connect(url, new Properties())) {
      assertThat(connection.isValid(0)).isTrue();
    }
  }

  @Override
  public void close() throws IOException {
    stop();
    try (Stream<Path> files = Files.walk(folder)) {
      files.sorted(Comparator.reverseOrder()).forEach(Notebook::delete);
    }
  }

  private static void delete(Path file) {
    try {
      Files.delete(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private ServletContainer.Running running() {
    if (running == null) {
      throw new IllegalStateException("the notebook is not started");
    }
    return running;
  }

  int port() {
    return running().port();
  }

  /** Returns a connection for several requests. */
  Client connect() throws IOException {
    return new Client(port());
  }

  /** Sends a request with a {@code Host} header without a port. */
  Answer send(String method, String host, String target) throws IOException {
    try (Client client = connect()) {
      return client.sendLast(method, host, target, null);
    }
  }

  Answer get(String host, String target) throws IOException {
    return send("GET", host, target);
  }

  /** Posts a form that is encoded already. */
  Answer post(String host, String target, String form) throws IOException {
    try (Client client = connect()) {
      return client.sendLast("POST", host, target, form);
    }
  }

  /** Posts a note. */
  Answer add(String host, String target, String text) throws IOException {
    return post(host, target, form(text));
  }

  /** Stores a note, and returns it as it was stored. */
  Note store(String host, String text) throws IOException {
    Answer answer = add(host, "/notes", text);
    assertThat(answer.status()).as("%s", answer).isEqualTo(303);
    List<Note> notes = notes(host);
    return notes.get(notes.size() - 1);
  }

  List<Note> notes(String host) throws IOException {
    Answer answer = get(host, "/notes");
    assertThat(answer.status()).as("%s", answer).isEqualTo(200);
    List<Note> notes = new ArrayList<>();
    for (Object note : Json.items(Json.parse(answer.text()))) {
      notes.add(new Note((long) Json.member(note, "id"), (String) Json.member(note, "text")));
    }
    return notes;
  }

  List<String> texts(String host) throws IOException {
    return notes(host).stream().map(Note::text).toList();
  }

  static String form(String text) {
    return "text=" + URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
