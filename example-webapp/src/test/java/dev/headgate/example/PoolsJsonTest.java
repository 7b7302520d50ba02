package dev.headgate.example;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.datasource.pool.Database;
import dev.headgate.datasource.pool.EvictionReason;
import dev.headgate.datasource.pool.HeldConnection;
import dev.headgate.datasource.pool.PoolPhase;
import dev.headgate.datasource.pool.PoolSnapshot;
import dev.headgate.datasource.pool.RegistrySnapshot;
import dev.headgate.datasource.pool.ServerSnapshot;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PoolsJsonTest {

  private static final Instant TAKEN = Instant.parse("2026-01-02T03:04:05.678901Z");

  private static final PoolSnapshot POOL =
      new PoolSnapshot(
          "headgate-1-pool-7",
          Database.builder("jdbc:postgresql://db/acme").user("app").password("secret").build(),
          List.of("acme", "zoe"),
          PoolPhase.DRAINING,
          3,
          2,
          1,
          4,
          5,
          Optional.of("db:5432"),
          10,
          Duration.ofSeconds(65),
          Duration.ofMillis(678));

  private static final HeldConnection HELD =
      new HeldConnection(
          "headgate-1-pool-7",
          Optional.of("acme"),
          Optional.empty(),
          "worker \"1\"",
          Duration.ofSeconds(5),
          List.of(new StackTraceElement("a.Notes", "all", "Notes.java", 9)));

  private static RegistrySnapshot snapshot(List<PoolSnapshot> pools) {
    return new RegistrySnapshot(
        pools,
        new RegistrySnapshot.Totals(
            3, 2, 1, 4, Map.of(EvictionReason.BOUND, 2L, EvictionReason.REPLACED, 6L), 5, 8),
        List.of(new ServerSnapshot("db:5432", 20, 15, 14, 13, 12, 11)),
        TAKEN,
        List.of(HELD));
  }

  private static String json(RegistrySnapshot snapshot, boolean withHeld) throws IOException {
    return new String(PoolsJson.of(snapshot, withHeld), StandardCharsets.UTF_8);
  }

  @Test
  void all_isThere() throws Exception {
    assertThat(json(snapshot(List.of(POOL)), true))
        .isEqualTo(
            """
            {"pools":[{"name":"headgate-1-pool-7","tenants":["acme","zoe"],"active":2,"idle":1,\
            "waiting":4,"leases":3,"phase":"draining","maximum":10,"generation":5,\
            "server":"db:5432","madeAt":"2026-01-02T03:03:00.678Z",\
            "lastUsed":"2026-01-02T03:04:05.000Z"}],\
            "totals":{"made":3,"evicted":2,"expired":1,"revived":4,"closed":5,\
            "evictedFor":{"bound":2,"replaced":6,"requested":0},"droppedEvents":8},\
            "servers":[{"name":"db:5432","budget":20,"open":15,"busy":14,"waiting":13,\
            "reclaimed":12,"exhausted":11}],\
            "held":[{"pool":"headgate-1-pool-7","tenant":"acme","work":null,\
            "thread":"worker \\"1\\"","since":"2026-01-02T03:04:00.678Z",\
            "taken":["a.Notes.all(Notes.java:9)"]}],\
            "taken":"2026-01-02T03:04:05.678Z"}""");
  }

  @Test
  void whoIsNotHere_doesNotHearWhatRequestsDo() throws Exception {
    assertThat(json(snapshot(List.of()), false))
        .startsWith("{\"pools\":[],\"totals\":{\"made\":3,\"evicted\":2,\"expired\":1,")
        .contains("\"held\":[]")
        .doesNotContain("Notes");
  }

  @Test
  void noPassword_isInIt() throws Exception {
    assertThat(json(snapshot(List.of(POOL)), true)).doesNotContain("secret");
  }
}
