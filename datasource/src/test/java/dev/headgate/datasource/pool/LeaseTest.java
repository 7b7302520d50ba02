package dev.headgate.datasource.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.headgate.faults.StubDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.time.Duration;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class LeaseTest {

  private final StubPools pools =
      new StubPools(
          PoolRegistry.builder()
              .closeTimeout(Duration.ofMillis(100))
              .settings(PoolSettings.defaults().withMaximumSize(1)));
  private final StubDatabase stub = pools.stub("a");
  private Lease lease;

  @BeforeEach
  void leaseAPool() throws SQLException {
    lease = pools.lease("a");
  }

  @AfterEach
  void close() {
    lease.close();
    pools.close();
  }

  @Test
  void getConnection_afterClose_isRefusedWithThePoolsName() {
    lease.close();
    assertThatThrownBy(lease::getConnection)
        .isInstanceOf(SQLException.class)
        .hasMessageContaining(pools.pool("a").name());
  }

  @Test
  void getConnection_afterClose_opensNothing() {
    lease.close();
    assertThatThrownBy(lease::getConnection).isInstanceOf(SQLException.class);
    assertThat(stub.calls()).isEmpty();
  }

  @Test
  void close_givesTheLeaseBack() {
    lease.close();
    assertThat(pools.pool("a").leases()).isZero();
  }

  @Test
  void close_twice_givesBackOneLease() throws SQLException {
    try (Lease other = pools.lease("a")) {
      lease.close();
      lease.close();
      assertThat(pools.pool("a").leases()).isEqualTo(1);
    }
  }

  @Test
  void close_ofOneLease_leavesTheOtherUsable() throws SQLException {
    try (Lease other = pools.lease("a")) {
      lease.close();
      other.getConnection().close();
    }
    assertThat(stub.connectionsMade()).isEqualTo(1);
  }

  @Test
  void discard_destroysTheConnection() throws SQLException {
    lease.discard(lease.getConnection());
    await().until(() -> stub.connectionsClosed() == 1);
  }

  @Test
  void discard_makesRoomInThePool() throws SQLException {
    lease.discard(lease.getConnection());
    lease.getConnection().close();
    assertThat(stub.connectionsMade()).isEqualTo(2);
  }

  @Test
  void discard_doesNotCommit() throws SQLException {
    Connection connection = lease.getConnection();
    connection.createStatement().executeUpdate("INSERT token");
    lease.discard(connection);
    await().until(() -> stub.connectionsClosed() == 1);
    assertThat(stub.committed()).isEmpty();
  }

  @Test
  void discard_thenClose_doesNoHarm() throws SQLException {
    Connection connection = lease.getConnection();
    lease.discard(connection);
    connection.close();
    await().until(() -> stub.connectionsClosed() == 1);
    lease.getConnection().close();
    assertThat(stub.connectionsMade()).isEqualTo(2);
  }

  @Test
  void discard_twice_doesNoHarm() throws SQLException {
    Connection connection = lease.getConnection();
    lease.discard(connection);
    lease.discard(connection);
    lease.getConnection().close();
    assertThat(stub.connectionsMade()).isEqualTo(2);
  }

  @Test
  void database_isWhereTheConnectionsLead() {
    assertThat(lease.database().url()).isEqualTo(stub.url());
  }

  @Test
  void unwrap_toItsOwnTypes_isTheLease() throws SQLException {
    assertThat(lease.isWrapperFor(DataSource.class)).isTrue();
    assertThat(lease.unwrap(Lease.class)).isSameAs(lease);
  }

  @Test
  void unwrap_toAnotherType_isRefused() {
    assertThat(lease.isWrapperFor(Connection.class)).isFalse();
    assertThatThrownBy(() -> lease.unwrap(Connection.class)).isInstanceOf(SQLException.class);
  }

  @Test
  void getConnection_withUserAndPassword_isRefusedWithoutThem() {
    assertThatThrownBy(() -> lease.getConnection("u", "canary"))
        .isInstanceOf(SQLFeatureNotSupportedException.class)
        .hasMessageNotContaining("canary");
  }

  @Test
  void setLoginTimeout_isRefused() {
    assertThatThrownBy(() -> lease.setLoginTimeout(1))
        .isInstanceOf(SQLFeatureNotSupportedException.class);
  }

  @Test
  void toString_namesThePool() {
    assertThat(lease).hasToString("lease on pool " + pools.pool("a").name());
  }
}
