package dev.headgate.hibernate;

import static dev.headgate.hibernate.Notebooks.ACME;
import static dev.headgate.hibernate.Notebooks.GLOBEX;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.datasource.TenantId;
import dev.headgate.datasource.UnitOfWork;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.hibernate.SessionFactory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Threads that change tenants all the time, with all caches and ranges of ids. */
@Tag("long")
class SwitchesTest {

  private static final int THREADS = 10;
  private static final int SWITCHES = Boolean.getBoolean("headgate.stress") ? 2_000 : 200;

  /** What each tenant has stored, by id. */
  private final Map<TenantId, Map<Long, String>> expected =
      Map.of(ACME, new ConcurrentHashMap<>(), GLOBEX, new ConcurrentHashMap<>());

  @ParameterizedTest
  @ValueSource(strings = {"H2", "PostgreSQL", "MariaDB"})
  void manySwitches_onManyThreads_mixNothingUp(String database) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try (Notebooks notebooks = Notebooks.on(database);
        SessionFactory sessions = notebooks.sessions()) {
      List<Future<?>> running = new ArrayList<>();
      for (int thread = 0; thread < THREADS; thread++) {
        int seed = thread;
        running.add(
            threads.submit(
                () -> {
                  work(notebooks, sessions, new Random(seed), "thread " + seed);
                  return null;
                }));
      }
      for (Future<?> each : running) {
        each.get();
      }
      for (TenantId tenant : expected.keySet()) {
        assertThat(notebooks.stored(tenant))
            .hasSize(expected.get(tenant).size())
            .allMatch(text -> text.startsWith(tenant.value()))
            .containsExactlyInAnyOrderElementsOf(expected.get(tenant).values());
      }
      assertThat(sessions.getStatistics().getSecondLevelCacheHitCount()).isPositive();
      assertThat(sessions.getStatistics().getQueryCacheHitCount()).isPositive();
      assertThat(notebooks.leases()).isZero();
    } finally {
      threads.shutdownNow();
    }
  }

  private void work(Notebooks notebooks, SessionFactory sessions, Random random, String name)
      throws SQLException {
    Map<TenantId, List<Note>> own = Map.of(ACME, new ArrayList<>(), GLOBEX, new ArrayList<>());
    for (int i = 0; i < SWITCHES / THREADS; i++) {
      TenantId tenant = random.nextBoolean() ? ACME : GLOBEX;
      String text = "%s %s %d".formatted(tenant, name, i);
      boolean commit = random.nextInt(4) > 0;
      Note note = new Note(text);
      List<Note> written = own.get(tenant);
      Note changed = written.isEmpty() ? null : written.get(random.nextInt(written.size()));
      try (UnitOfWork unit = notebooks.dataSource.begin(tenant)) {
        sessions.inTransaction(session -> session.persist(note));
        if (changed != null) {
          sessions.inTransaction(
              session -> session.find(Note.class, changed.id).text = text + " changed");
        }
        if (commit) {
          unit.commit();
        }
      }
      if (commit) {
        assertThat(expected.get(tenant).put(note.id, text)).as("id %d", note.id).isNull();
        written.add(note);
        if (changed != null) {
          expected.get(tenant).put(changed.id, text + " changed");
        }
      }
      notebooks.dataSource.call(tenant, unit -> check(sessions, tenant, note, changed, commit));
    }
  }

  /** Reads twice, so that the second time is out of the caches. */
  private Void check(
      SessionFactory sessions, TenantId tenant, Note note, Note changed, boolean committed) {
    for (int i = 0; i < 2; i++) {
      sessions.inTransaction(
          session -> {
            Note found = session.find(Note.class, note.id);
            assertThat(found == null ? null : found.text).isEqualTo(committed ? note.text : null);
            if (changed != null) {
              assertThat(session.find(Note.class, changed.id).text)
                  .isEqualTo(expected.get(tenant).get(changed.id));
            }
            assertThat(
                    session
                        .createQuery("select text from Note", String.class)
                        .setCacheable(true)
                        .list())
                .allMatch(text -> text.startsWith(tenant.value()));
          });
    }
    return null;
  }
}
