package dev.headgate.benchmarks.borrow;

import com.baomidou.dynamic.datasource.toolkit.DynamicDataSourceContextHolder;
import dev.headgate.datasource.Transactions;
import dev.headgate.datasource.UnitOfWork;
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

/** Gets a connection of the right tenant, and closes it. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class RoutedBorrow {

  @Param("1")
  public int tenants;

  @SuppressWarnings("NullAway.Init") // by JMH, which calls find()
  private Peers peers;

  @Setup
  public void find() {
    peers = Peers.of(tenants, Transactions.NONE);
  }

  @Benchmark
  public void hikari(Draw draw) throws SQLException {
    peers.hikari.of(draw.next()).getConnection().close();
  }

  @Benchmark
  public void spring(Draw draw) throws SQLException {
    peers.spring.set(peers.nameOf(draw.next()));
    try {
      peers.spring.getConnection().close();
    } finally {
      peers.spring.clear();
    }
  }

  @Benchmark
  public void dynamic(Draw draw) throws SQLException {
    DynamicDataSourceContextHolder.push(peers.nameOf(draw.next()));
    try {
      peers.dynamic.getConnection().close();
    } finally {
      DynamicDataSourceContextHolder.poll();
    }
  }

  @Benchmark
  @SuppressWarnings("try") // the unit is there for the connections
  public void headgate(Draw draw) throws SQLException {
    try (UnitOfWork work = peers.headgate.begin(peers.idOf(draw.next()))) {
      peers.headgate.getConnection().close();
    }
  }
}
