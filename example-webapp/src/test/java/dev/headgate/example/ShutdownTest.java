package dev.headgate.example;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The main class is told to end (SIGTERM) while requests run, of which each stores two rows. */
@Timeout(90)
class ShutdownTest {

  private static final int CLIENTS = 4;
  private static final int HALF_DONE = 6;

  /** Longer than Jetty by itself would wait for the next byte while it stops. */
  private static final Duration PAUSE = Duration.ofMillis(1500);

  /** In place of the ten seconds that pools wait for their leases by default. */
  private static final Duration POOLS_WAIT = Duration.ofSeconds(1);

  /** What a busy machine may add. */
  private static final Duration SLACK = Duration.ofSeconds(5);

  @TempDir Path folder;

  /** The application with a servlet more. */
  @BeforeEach
  void deploy() throws Exception {
    Path original = Path.of("src", "main", "webapp", "WEB-INF");
    Path copy = Files.createDirectories(folder.resolve("src/main/webapp/WEB-INF"));
    Files.copy(original.resolve("tenants.properties"), copy.resolve("tenants.properties"));
    Files.writeString(
        copy.resolve("web.xml"),
        Files.readString(original.resolve("web.xml"))
            .replace(
                "</filter>",
                """
                <init-param>
                  <param-name>pools.close-timeout</param-name>
                  <param-value>%s</param-value>
                </init-param>
                </filter>
                """
                    .formatted(POOLS_WAIT))
            .replace(
                "</web-app>",
                """
                <servlet>
                  <servlet-name>pairs</servlet-name>
                  <servlet-class>%s</servlet-class>
                </servlet>
                <servlet-mapping>
                  <servlet-name>pairs</servlet-name>
                  <url-pattern>/pairs/*</url-pattern>
                </servlet-mapping>
                </web-app>
                """
                    .formatted(PairsServlet.class.getName())));
    Files.createDirectories(data());
    try (Connection connection = database();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE pair (part VARCHAR(100) PRIMARY KEY)");
    }
  }

  private Path data() {
    return folder.resolve("data");
  }

  private Connection database() throws SQLException {
    return DriverManager.getConnection("jdbc:h2:file:" + data().resolve("acme"));
  }

  private ExampleProcess start() throws Exception {
    return ExampleProcess.start(folder, data(), folder.resolve("stderr.txt"));
  }

  /** Returns who has two rows; nobody has one alone. */
  private Set<String> stored() throws SQLException {
    Set<String> first = new HashSet<>();
    Set<String> second = new HashSet<>();
    try (Connection connection = database();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT part FROM pair")) {
      while (rows.next()) {
        String[] part = rows.getString(1).split("-", -1);
        (part[1].equals("first") ? first : second).add(part[0]);
      }
    }
    assertThat(second).as("nothing is half committed").isEqualTo(first);
    return first;
  }

  /** A request that the server has accepted, and of which the first row is inserted. */
  private record HalfDone(String id, Socket socket, BufferedReader answer)
      implements AutoCloseable {

    static HalfDone send(ExampleProcess example, String id, String more) throws IOException {
      Socket socket = example.connect();
      socket
          .getOutputStream()
          .write(
              """
              POST /pairs/%s%s HTTP/1.1\r
              Host: acme.localhost\r
              Expect: 100-continue\r
              Content-Length: 1\r
              \r
              """
                  .formatted(id, more)
                  .getBytes(StandardCharsets.US_ASCII));
      BufferedReader answer =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
      // It says so when the servlet reads.
      assertThat(answer.readLine()).isEqualTo("HTTP/1.1 100 Continue");
      assertThat(answer.readLine()).isEmpty();
      return new HalfDone(id, socket, answer);
    }

    void goOn() throws IOException {
      socket.getOutputStream().write('.');
    }

    /** Returns the line with the status, or null if there was no answer. */
    String status() throws IOException {
      return answer.readLine();
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }

  /** Clients that send one request after the other, until nobody takes one. */
  private static final class Load {

    final Set<String> answered = ConcurrentHashMap.newKeySet();
    private final Semaphore answers = new Semaphore(0);
    private final AtomicInteger next = new AtomicInteger();
    private final ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);
    private final List<Future<?>> clients = new ArrayList<>();

    Load(ExampleProcess example) {
      for (int i = 0; i < CLIENTS; i++) {
        clients.add(threads.submit(() -> run(example)));
      }
    }

    private void run(ExampleProcess example) {
      while (true) {
        String id = "load" + next.incrementAndGet();
        try {
          String answer = example.post("acme.localhost", "/pairs/" + id, ".");
          if (answer.startsWith("HTTP/1.1 200 ")) {
            answered.add(id);
            answers.release();
          } else if (!answer.isEmpty() && !answer.startsWith("HTTP/1.1 503 ")) {
            throw new AssertionError("the answer to %s is %s".formatted(id, answer));
          }
        } catch (IOException e) {
          return;
        }
      }
    }

    void awaitAnswers(int count) throws InterruptedException {
      assertThat(answers.tryAcquire(count, 30, TimeUnit.SECONDS)).as("answered").isTrue();
    }

    void awaitEnd() throws Exception {
      for (Future<?> client : clients) {
        client.get(30, TimeUnit.SECONDS);
      }
      threads.shutdown();
    }
  }

  @Test
  void whatWasAcceptedIsFinished() throws Exception {
    try (ExampleProcess example = start()) {
      Load load = new Load(example);
      List<HalfDone> halfDone = new ArrayList<>();
      for (int i = 0; i < HALF_DONE; i++) {
        halfDone.add(HalfDone.send(example, "half" + i, ""));
      }
      load.awaitAnswers(100);
      long told = System.nanoTime();
      example.tellToEnd();
      await().until(() -> System.nanoTime() - told > PAUSE.toNanos());
      for (HalfDone request : halfDone) {
        try (request) {
          request.goOn();
          assertThat(request.status()).as(request.id()).isEqualTo("HTTP/1.1 200 OK");
        }
      }
      // Who was connected when nobody was let in any more may hear of it only when the server ends.
      load.awaitEnd();
      example.awaitEnd();
      assertThat(Duration.ofNanos(System.nanoTime() - told)).isLessThan(Main.STOP_TIMEOUT);
      assertThat(stored())
          .containsAll(load.answered)
          .containsAll(halfDone.stream().map(HalfDone::id).toList());
    }
  }

  @Test
  void aRequestThatHangs_isGivenUpAtTheDeadline() throws Exception {
    try (ExampleProcess example = start();
        HalfDone hanging = HalfDone.send(example, "hangs", "?hang");
        HalfDone silent = HalfDone.send(example, "silent", "")) {
      hanging.goOn();
      Load load = new Load(example);
      load.awaitAnswers(10);
      long told = System.nanoTime();
      example.tellToEnd();
      load.awaitEnd();
      try (HalfDone late = HalfDone.send(example, "late", "")) {
        throw new AssertionError("it was let in: " + late);
      } catch (IOException e) {
        // As it should be.
      }
      example.awaitEnd();
      assertThat(Duration.ofNanos(System.nanoTime() - told))
          .isBetween(
              Main.STOP_TIMEOUT.minusSeconds(1), Main.STOP_TIMEOUT.plus(POOLS_WAIT).plus(SLACK));
      assertThat(stored()).containsAll(load.answered).doesNotContain("hangs", "silent");
    }
  }
}
