package dev.headgate.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Many connections at once, each of whose COMMITs meets something else. */
@Tag("long")
class ProxyHistoryTest {

  private static final int CLIENTS = 8;
  private static final int COMMITS = Boolean.getBoolean("headgate.stress") ? 2_000 : 50;

  private enum Met {
    NOTHING,
    CUT_BEFORE,
    CUT_AFTER
  }

  private final Map<Met, Integer> met = Collections.synchronizedMap(new EnumMap<>(Met.class));
  private final List<String> succeeded = Collections.synchronizedList(new ArrayList<>());

  @Test
  void whatIsHeard_andWhatIsStored_isWhatTheFaultsSay() throws Exception {
    try (ProxiedPostgres postgres = new ProxiedPostgres()) {
      postgres.proxy().onCommit(commit -> decide());
      List<FutureTask<Void>> clients = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        String name = "client" + i;
        clients.add(ProxiedPostgres.start(() -> commitAll(postgres, name)));
      }
      for (FutureTask<Void> client : clients) {
        client.get(10, TimeUnit.MINUTES);
      }
      await().until(() -> postgres.sessions() == 0);
      await().until(() -> postgres.proxy().openConnections() == 0);

      assertThat(postgres.proxy().commitsSeen()).isEqualTo((long) CLIENTS * COMMITS);
      assertThat(met).containsKeys(Met.values());
      assertThat(succeeded).hasSize(met.get(Met.NOTHING));
      assertThat(postgres.stored())
          .containsAll(succeeded)
          .hasSize(met.get(Met.NOTHING) + met.get(Met.CUT_AFTER));
    }
  }

  private CommitFault decide() {
    Met now = Met.values()[ThreadLocalRandom.current().nextInt(Met.values().length)];
    met.merge(now, 1, Integer::sum);
    return switch (now) {
      case NOTHING -> CommitFault.none();
      case CUT_BEFORE -> CommitFault.cutBefore();
      case CUT_AFTER -> CommitFault.cutAfter();
    };
  }

  private Void commitAll(ProxiedPostgres postgres, String name) throws SQLException {
    for (int i = 0; i < COMMITS; i++) {
      String token = name + "-" + i;
      try (Connection connection = postgres.insert(token)) {
        commit(connection, token);
      }
    }
    return null;
  }

  private void commit(Connection connection, String token) {
    try {
      connection.commit();
      succeeded.add(token);
    } catch (SQLException e) {
      assertThat(e.getMessage()).contains("I/O error");
    }
  }
}
