package dev.headgate.hibernate;

import static dev.headgate.hibernate.Notebooks.ACME;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headgate.datasource.OutcomeUnknownException;
import dev.headgate.datasource.Transactions;
import dev.headgate.datasource.UnitOfWork;
import dev.headgate.faults.CommitFault;
import dev.headgate.faults.CommitFaults;
import dev.headgate.faults.FaultProxy;
import dev.headgate.faults.Protocol;
import jakarta.transaction.Status;
import jakarta.transaction.Synchronization;
import java.util.ArrayList;
import java.util.List;
import org.hibernate.SessionFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** If nobody knows whether it was stored, caches have neither the old nor the new. */
class UnknownOutcomeTest {

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void theAnswerToCommitIsLost_theCacheAsksTheDatabase(boolean stored) throws Exception {
    List<Integer> heard = new ArrayList<>();
    try (FaultProxy proxy = FaultProxy.to("localhost", PostgresServer.port(), Protocol.POSTGRESQL);
        Notebooks notebooks = Notebooks.onPostgres(proxy.port(), Transactions.UNIT);
        SessionFactory sessions = notebooks.sessions()) {
      notebooks.behindTheCache(ACME, "INSERT INTO note VALUES (1, 'old')");
      String before = read(notebooks, sessions);
      try (UnitOfWork unit = notebooks.dataSource.begin(ACME)) {
        sessions.inTransaction(
            session -> {
              session.find(Note.class, 1L).text = "new";
              session.getTransaction().registerSynchronization(listener(heard));
            });
        proxy.onCommit(
            CommitFaults.next(stored ? CommitFault.cutAfter() : CommitFault.cutBefore()));
        assertThatThrownBy(unit::commit).isInstanceOf(OutcomeUnknownException.class);
      }
      assertThat(before).isEqualTo("old");
      assertThat(heard).containsExactly(Status.STATUS_UNKNOWN);
      assertThat(sessions.getStatistics().getSecondLevelCachePutCount()).isEqualTo(1);
      assertThat(read(notebooks, sessions)).isEqualTo(stored ? "new" : "old");
    }
  }

  private static String read(Notebooks notebooks, SessionFactory sessions) throws Exception {
    return notebooks.dataSource.call(
        ACME, unit -> sessions.fromTransaction(session -> session.find(Note.class, 1L).text));
  }

  private static Synchronization listener(List<Integer> heard) {
    return new Synchronization() {
      @Override
      public void beforeCompletion() {}

      @Override
      public void afterCompletion(int status) {
        heard.add(status);
      }
    };
  }
}
