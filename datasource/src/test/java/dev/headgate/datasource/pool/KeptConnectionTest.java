package dev.headgate.datasource.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headgate.faults.StubDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whoever keeps a connection that it has given back can do nothing to the one who has it now. */
final class KeptConnectionTest {

  private final StubPools pools = StubPools.bound(1);
  private final StubDatabase stub = pools.stub("a");
  private Connection kept;
  private Connection next;

  @BeforeEach
  void borrowAgainWhatWasGivenBack() throws SQLException {
    pools.registry.giveBack(borrow());
    kept = borrow();
    pools.registry.giveBack(kept);
    next = borrow();
    assertThat(stub.connectionsMade()).isEqualTo(1);
  }

  @AfterEach
  void close() throws SQLException {
    next.close();
    pools.close();
  }

  private Connection borrow() throws SQLException {
    return pools.registry.borrow(pools.database("a"), "label", null, null);
  }

  @Test
  void aborted_hitsNobody() throws SQLException {
    kept.abort(Runnable::run);
    assertThat(stub.openConnections()).isEqualTo(1);
    try (Statement statement = next.createStatement()) {
      statement.execute("INSERT token");
    }
    next.commit();
    assertThat(stub.committed()).containsExactly("token");
  }

  @Test
  void usedAgain_isRefused() {
    assertThatThrownBy(kept::createStatement).hasMessage("this connection is closed");
  }
}
