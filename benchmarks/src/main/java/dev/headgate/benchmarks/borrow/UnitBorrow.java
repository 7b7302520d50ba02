package dev.headgate.benchmarks.borrow;

import dev.headgate.datasource.Transactions;
import dev.headgate.datasource.UnitOfWork;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** A transaction of the right tenant, by hand and as a unit of work. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class UnitBorrow {

  @Param("1")
  public int tenants;

  @SuppressWarnings("NullAway.Init") // by JMH, which calls find()
  private Peers peers;

  @Setup
  public void find() {
    peers = Peers.of(tenants, Transactions.UNIT);
  }

  /** As one passes a connection on by hand, however many parts of an application need it. */
  @Benchmark
  public void handwritten(Draw draw) throws SQLException {
    try (Connection connection = peers.hikari.of(draw.next()).getConnection()) {
      connection.commit();
    }
  }

  @Benchmark
  public void one(Draw draw) throws SQLException {
    try (UnitOfWork work = peers.headgate.begin(peers.idOf(draw.next()))) {
      peers.headgate.getConnection().close();
      work.finish();
    }
  }

  @Benchmark
  public void three(Draw draw) throws SQLException {
    try (UnitOfWork work = peers.headgate.begin(peers.idOf(draw.next()))) {
      peers.headgate.getConnection().close();
      peers.headgate.getConnection().close();
      peers.headgate.getConnection().close();
      work.finish();
    }
  }
}
