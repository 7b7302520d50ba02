package dev.headgate.containers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.MAP;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The page about the pools. */
abstract class PoolsContract {

  abstract Notebook notebook();

  @Test
  void thePoolsAreShownWithTheirTenantsAndNumbers() throws IOException {
    notebook().notes("acme.localhost");
    notebook().notes("globex.localhost");
    notebook().notes("initech.localhost");
    Answer answer = notebook().get("localhost", "/pools.json");
    assertThat(answer.status()).as("%s", answer).isEqualTo(200);
    assertThat(answer.header("Content-Type")).isEqualTo("application/json");
    assertThat(answer.text()).doesNotContain(Postgres.PASSWORD);

    Object root = Json.parse(answer.text());
    assertThat(root)
        .asInstanceOf(MAP)
        .containsOnlyKeys("pools", "totals", "servers", "held", "taken");
    List<Object> tenants = new ArrayList<>();
    List<Object> names = new ArrayList<>();
    for (Object pool : Json.items(Json.member(root, "pools"))) {
      assertThat(pool)
          .asInstanceOf(MAP)
          .containsOnlyKeys(
              "name",
              "tenants",
              "active",
              "idle",
              "waiting",
              "leases",
              "phase",
              "maximum",
              "generation",
              "server",
              "madeAt",
              "lastUsed");
      names.add(Json.member(pool, "name"));
      tenants.addAll(Json.items(Json.member(pool, "tenants")));
      assertThat(Json.member(pool, "name")).isInstanceOf(String.class);
      assertThat(Json.member(pool, "active")).isEqualTo(0L);
      assertThat((long) Json.member(pool, "idle")).isPositive();
      assertThat(Json.member(pool, "waiting")).isEqualTo(0L);
      assertThat(Json.member(pool, "leases")).isEqualTo(0L);
      assertThat(Json.member(pool, "phase")).isEqualTo("open");
      assertThat(Json.member(pool, "generation")).isEqualTo(1L);
    }
    assertThat(names).hasSize(3).doesNotHaveDuplicates();
    assertThat(tenants).containsExactlyInAnyOrder("acme", "globex", "initech");
    assertThat(Json.member(root, "totals"))
        .isEqualTo(
            Map.of(
                "made",
                3L,
                "evicted",
                0L,
                "expired",
                0L,
                "revived",
                0L,
                "closed",
                0L,
                "evictedFor",
                Map.of("bound", 0L, "replaced", 0L, "requested", 0L),
                "droppedEvents",
                0L));
  }

  @Test
  void thePageThatDrawsThem_hasAllInItself() throws IOException {
    Answer answer = notebook().get("localhost", "/pools");
    assertThat(answer.status()).as("%s", answer).isEqualTo(200);
    assertThat(answer.header("Content-Type")).isEqualToIgnoringCase("text/html;charset=UTF-8");
    assertThat(answer.text()).contains("fetch(\"pools.json\"").doesNotContain(" src=", "//cdn");
  }

  @ParameterizedTest
  @ValueSource(strings = {"acme.localhost", "globex.localhost", "nobody.localhost"})
  void thePoolsAreNoneOfATenantsBusiness(String host) throws IOException {
    for (String method : List.of("GET", "HEAD", "POST")) {
      for (String path : List.of("/pools.json", "/pools")) {
        Answer answer = notebook().send(method, host, path);
        assertThat(answer.status()).as("%s %s: %s", method, path, answer).isEqualTo(404);
      }
    }
  }
}
