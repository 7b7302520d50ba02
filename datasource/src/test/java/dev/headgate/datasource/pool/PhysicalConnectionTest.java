package dev.headgate.datasource.pool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.faults.StubDatabase;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Who has a connection, while HikariCP may give it to the next before the one before has given back
 * the seat: there are always as many seats as connections.
 */
final class PhysicalConnectionTest {

  private final StubDatabase stub = StubDatabase.create(UUID.randomUUID().toString());
  private final Seats seats =
      new Seats("pool", new Server(null, 9, 0, new Deadlocks()), 9, 1000, new BareOwner());
  private final Object one = new Object();
  private final Object two = new Object();
  private PhysicalConnection connection;

  @BeforeEach
  void open() throws Exception {
    take();
    connection =
        new PhysicalConnection(DriverManager.getConnection(stub.url()), null, Reset.TENANT, seats);
    seats.opened(connection);
    assertThat(connection.enter(one, 0)).isTrue();
  }

  @AfterEach
  void close() {
    stub.close();
  }

  /** Takes a seat, which is for a connection that is not open yet. */
  private void take() throws Exception {
    Seat seat =
        Objects.requireNonNull(seats.await(null, false, System.nanoTime(), System.nanoTime() + 1));
    assertThat(seat.isOpen()).isFalse();
  }

  private int idle() {
    return seats.idle();
  }

  @Test
  void leaves_isIdle() {
    connection.leave(one);
    assertThat(connection.isIdle()).isTrue();
    assertThat(idle()).isEqualTo(1);
  }

  @Test
  void theNextHasIt_whoLeavesGivesBackASeatAllTheSame() {
    connection.enter(two, 0);
    connection.leave(one);
    assertThat(connection.isActive()).isTrue();
    assertThat(idle()).isEqualTo(1);
    connection.leave(two);
    assertThat(idle()).isEqualTo(2);
  }

  @Test
  void theNextHadIt_andItWasDisplaced_whoLeavesGivesBackASeatAllTheSame() {
    connection.enter(two, 0);
    connection.leave(two);
    assertThat(seats.claimIdle()).isSameAs(connection);
    connection.leave(one);
    assertThat(idle()).isEqualTo(1);
  }

  @Test
  void theNextHadIt_andItWasClosed_whoLeavesGivesBackASeatAllTheSame() throws SQLException {
    connection.enter(two, 0);
    connection.leave(two);
    connection.close();
    connection.leave(one);
    assertThat(idle()).isEqualTo(1);
  }

  @Test
  void closedBeforeItIsLeft_theSeatHasGoneWithIt() throws SQLException {
    connection.close();
    connection.leave(one);
    assertThat(idle()).isZero();
    assertThat(connection.enter(two, 0)).isFalse();
  }

  @Test
  void closedTwice_countsOnce() throws SQLException {
    connection.leave(one);
    connection.close();
    connection.close();
    assertThat(idle()).isZero();
    assertThat(seats.size).isZero();
  }

  @Test
  void inUse_isNotDisplaced() {
    seats.giveBack();
    assertThat(seats.claimIdle()).isNull();
    assertThat(connection.tryDisplace()).isFalse();
    assertThat(idle()).as("the seat that was taken for it").isEqualTo(1);
  }

  @Test
  void displaced_isNobodysAgain_andHikariCpFindsItDeadWithoutAWarning() throws SQLException {
    connection.leave(one);
    assertThat(connection.tryDisplace()).isTrue();
    connection.closeDisplaced();
    connection.setNetworkTimeout(Runnable::run, 1);
    assertThat(connection.isValid(1)).isFalse();
    connection.rollback();
    connection.close();
    assertThat(connection.enter(two, 0)).isFalse();
    assertThat(stub.connectionsClosed()).isEqualTo(1);
    assertThat(seats.size).isZero();
  }

  @Test
  void aborted_itsPlaceIsFreeWhenThatIsDone() throws SQLException {
    Queue<Runnable> later = new ArrayDeque<>();
    PhysicalConnection aborting =
        new PhysicalConnection(abortingLater(), null, Reset.TENANT, seats);
    seats.opened(aborting);
    aborting.enter(two, 0);
    aborting.abort(later::add);
    assertThat(seats.size).isEqualTo(1);
    later.remove().run();
    assertThat(seats.size).isZero();
    aborting.abort(later::add);
    assertThat(later).isEmpty();
  }

  /** Returns a connection that is aborted on the executor, as those of some drivers are. */
  private static Connection abortingLater() {
    return (Connection)
        Proxy.newProxyInstance(
            PhysicalConnectionTest.class.getClassLoader(),
            new Class<?>[] {Connection.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("abort")) {
                ((Executor) arguments[0]).execute(() -> {});
              }
              return null;
            });
  }

  @Test
  void aborted_withoutTheExecutor_itsPlaceIsFreeAtOnce() throws SQLException {
    connection.abort(
        command -> {
          throw new RejectedExecutionException("busy");
        });
    assertThat(seats.size).isZero();
  }
}
