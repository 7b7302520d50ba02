package dev.headgate.containers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The first request of a deployment, its end, and the next deployment. */
public abstract class RestartContract {

  private static final List<String> HOSTS =
      List.of("acme.localhost", "globex.localhost", "initech.localhost");

  protected abstract ServletContainer container();

  /** Looks at what the container has logged since the last call. */
  protected void afterStop() {}

  static Stream<Variant> variants() {
    return Stream.of(
        new Variant(Registration.WEB_XML, Storage.H2),
        new Variant(Registration.CODE, Storage.POSTGRESQL));
  }

  @ParameterizedTest
  @MethodSource("variants")
  void aRestartedNotebookHasItsNotes(Variant variant) throws Exception {
    try (var notebook = new Notebook(container(), variant)) {
      Set<Thread> threadsBefore = Thread.getAllStackTraces().keySet();
      notebook.start();
      assertThat(notebook.get("localhost", "/pools.json").text())
          .startsWith(
              "{\"pools\":[],\"totals\":{\"made\":0,\"evicted\":0,\"expired\":0,\"revived\":0,");
      for (String host : HOSTS) {
        assertThat(notebook.get(host, "/notes").text()).isEqualTo("[]");
        assertThat(notebook.add(host, "/notes", "first of " + host).status()).isEqualTo(303);
        notebook.add(host, "/notes?fail=after-insert", "not there");
        assertThat(notebook.get(host, "/notes").text())
            .isEqualTo("[{\"id\":1,\"text\":\"first of %s\"}]".formatted(host));
      }
      notebook.stop();
      assertNoThreadIsLeft(threadsBefore);
      afterStop();

      notebook.start();
      for (String host : HOSTS) {
        assertThat(notebook.get(host, "/notes").text())
            .isEqualTo("[{\"id\":1,\"text\":\"first of %s\"}]".formatted(host));
        Note second = notebook.store(host, "second");
        assertThat(second.id()).isGreaterThan(1);
        assertThat(notebook.texts(host)).containsExactly("first of " + host, "second");
      }
      notebook.stop();
      assertNoThreadIsLeft(threadsBefore);
      afterStop();
    }
  }

  private static void assertNoThreadIsLeft(Set<Thread> before) {
    await()
        .untilAsserted(
            () ->
                assertThat(Thread.getAllStackTraces().keySet())
                    .filteredOn(thread -> !before.contains(thread))
                    .extracting(Thread::getName)
                    // Awaitility's own, the JDK's for processes, and that of PostgreSQL's driver,
                    // which ends when the driver's classes are collected.
                    .filteredOn(
                        name -> !name.matches("awaitility-.*|process reaper.*|Cleaner-[0-9]+"))
                    .isEmpty());
  }
}
