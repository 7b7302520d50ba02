package dev.headgate.frameworks.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headgate.datasource.TenantId;
import dev.headgate.datasource.Transactions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;

/** Many threads, each request for another tenant: no note is lost, or where it does not belong. */
@ExtendWith(Notebooks.class)
class SwitchesTest {

  private static final int SWITCHES = 200;
  private static final int THREADS = 10;

  @TestFactory
  Stream<DynamicNode> betweenTenants_onTenThreads() {
    return Cases.of(
        Promise.SWITCHES,
        Transactions.UNIT,
        (notebook, place, kind) -> {
          Stage stage = notebook.stage(place);
          boolean rollsBack = kind.whyNot(Promise.OWN_ROLLBACK, notebook.dbms).isEmpty();
          Framework framework = notebook.framework(kind);
          Map<TenantId, TreeSet<String>> expected = new ConcurrentHashMap<>();
          Notebook.TENANTS.forEach(tenant -> expected.put(tenant, new TreeSet<>()));
          Random random = new Random(kind.name().hashCode());
          ExecutorService threads = Executors.newFixedThreadPool(THREADS);
          try {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < SWITCHES; i++) {
              TenantId tenant = Notebook.TENANTS.get(random.nextInt(Notebook.TENANTS.size()));
              String body = tenant + " " + i;
              boolean fails = random.nextInt(4) == 0;
              if (!fails) {
                expected.get(tenant).add(body);
              }
              all.add(
                  threads.submit(
                      () -> {
                        request(stage, framework, tenant, body, rollsBack, fails);
                        return null;
                      }));
            }
            for (Future<?> one : all) {
              one.get();
            }
          } finally {
            threads.shutdownNow();
          }
          for (TenantId tenant : Notebook.TENANTS) {
            assertThat(notebook.stored(tenant))
                .as("of %s", tenant)
                .containsExactlyInAnyOrderElementsOf(expected.get(tenant));
          }
        });
  }

  private static void request(
      Stage stage,
      Framework framework,
      TenantId tenant,
      String body,
      boolean rollsBack,
      boolean fails)
      throws Exception {
    Work work =
        () -> {
          framework.add(body);
          if (rollsBack) {
            framework.addAndRollBack(body + " undone");
          }
          assertThat(framework.bodies())
              .as("seen by %s", tenant)
              .contains(body)
              .allMatch(seen -> seen.startsWith(tenant + " ") && !seen.endsWith("undone"));
          if (fails) {
            throw new OnPurpose();
          }
        };
    if (fails) {
      assertThatThrownBy(() -> stage.play(tenant, work)).isInstanceOf(OnPurpose.class);
    } else {
      stage.play(tenant, work);
    }
  }
}
