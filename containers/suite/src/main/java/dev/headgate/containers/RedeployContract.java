package dev.headgate.containers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A web application that is replaced by the next one in a container that goes on, fifty times, each
 * after it has used a database in H2 and one in PostgreSQL. It brings along Headgate, what Headgate
 * needs, and the drivers.
 */
public abstract class RedeployContract {

  private static final int TIMES = 50;
  private static final int LAST = 5;

  /** The one whose file of tenants changes while it runs. */
  private static final int CHANGING = 10;

  /** Longer than threads without work live, in the JDK's common pool or in a container's. */
  private static final Duration LONGEST_IDLE = Duration.ofSeconds(75);

  private static final String PATH = "/notebook";

  /** Classes that each application has to have for itself, or nothing would be shown. */
  private static final List<String> OWN =
      List.of(
          "dev.headgate.filter.UnitOfWorkFilter",
          "dev.headgate.datasource.RoutingDataSource",
          "com.zaxxer.hikari.HikariDataSource",
          "com.github.benmanes.caffeine.cache.Caffeine",
          "org.h2.Driver",
          "org.postgresql.Driver");

  @TempDir Path folder;

  protected abstract ServletContainer container();

  /** Looks at what the container has logged since the last call. */
  protected void afterStop() {}

  @Test
  void nothingIsLeftOfAnApplicationThatIsReplaced() throws Exception {
    Webapp webapp = Webapp.unpack(Files.createDirectory(folder.resolve("webapp")));
    webapp.setUrl("acme", Postgres.newDatabase(), Postgres.PASSWORD);
    webapp.setUrl("globex", "jdbc:h2:mem:globex;DB_CLOSE_DELAY=-1", "");
    Path root = folder.resolve("root");
    Files.createDirectories(root.resolve("WEB-INF"));
    ServletContainer.Running running = container().start(root, Map.of());
    List<WeakReference<ClassLoader>> loaders = new ArrayList<>();
    try {
      // What is the JDK's or the container's own may remember the first one and one of the last,
      // until it is used again: they are not looked at.
      for (int i = 0; i < 1 + TIMES + LAST; i++) {
        String added = i == CHANGING ? "umbrella" : null;
        loaders.add(new WeakReference<>(deployedOnce(running, webapp, added)));
        afterStop();
      }
      await()
          .atMost(LONGEST_IDLE)
          .untilAsserted(
              () -> {
                System.gc();
                assertThat(left(loaders.subList(1, TIMES + 1))).isEmpty();
              });
    } finally {
      running.stop();
    }
  }

  /** Returns which ones have not been collected. */
  private static List<Integer> left(List<WeakReference<ClassLoader>> loaders) {
    return IntStream.range(0, loaders.size())
        .filter(i -> loaders.get(i).get() != null)
        .boxed()
        .toList();
  }

  /**
   * Returns the class loader of an application that has come and gone.
   *
   * @param added a tenant that its file gets meanwhile, or null
   */
  private static ClassLoader deployedOnce(
      ServletContainer.Running running, Webapp webapp, @Nullable String added) throws Exception {
    ServletContainer.Deployed deployed = running.deploy(PATH, webapp.folder());
    ClassLoader loader = deployed.loader();
    for (String name : OWN) {
      assertThat(loader.loadClass(name).getClassLoader()).as(name).isSameAs(loader);
    }
    for (String tenant : List.of("acme", "globex")) {
      assertThat(send(running, "POST", tenant, "text=note")).isEqualTo(303);
      assertThat(send(running, "GET", tenant, null)).isEqualTo(200);
    }
    if (added != null) {
      webapp.addUrl(added, "jdbc:h2:mem:" + added + ";DB_CLOSE_DELAY=-1");
      await().until(() -> send(running, "GET", added, null) != 404);
    }
    deployed.undeploy();
    await().untilAsserted(() -> assertThat(threadsOf(loader)).isEmpty());
    return loader;
  }

  /** Returns the threads that an application may have left, but for those of the JDK's cleaners. */
  private static List<Thread> threadsOf(ClassLoader loader) {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(
            thread ->
                thread.getContextClassLoader() == loader
                    || thread.getName().matches("(?i).*(headgate|hikari|h2|mvstore|postgresql).*"))
        .toList();
  }

  private static int send(
      ServletContainer.Running running, String method, String tenant, @Nullable String form)
      throws Exception {
    try (Client client = new Client(running.port())) {
      return client.sendLast(method, tenant + ".localhost", PATH + "/notes", form).status();
    }
  }
}
