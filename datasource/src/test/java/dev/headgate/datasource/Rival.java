package dev.headgate.datasource;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Another unit of work of acme, on a thread of its own. */
final class Rival implements AutoCloseable {

  /** What it does on its connection. */
  @FunctionalInterface
  interface Work {
    void on(Connection handle) throws SQLException;
  }

  private final RoutingDataSource dataSource;
  private final ExecutorService thread = Executors.newSingleThreadExecutor();
  private final CountDownLatch end = new CountDownLatch(1);
  private Future<?> running;

  Rival(RoutingDataSource dataSource) {
    this.dataSource = dataSource;
  }

  /** Does this in a unit of work that is committed. */
  void commit(Work work) {
    begin(work, handle -> {});
    close();
  }

  /**
   * Begins a unit of work with this, and goes on after the return with what may have to wait. It is
   * committed in the end, which {@link #close} waits for.
   */
  void begin(Work first, Work then) {
    CountDownLatch begun = new CountDownLatch(1);
    running =
        thread.submit(
            () ->
                dataSource.call(
                    Tenants.ACME,
                    unit -> {
                      try (Connection handle = dataSource.getConnection()) {
                        first.on(handle);
                        begun.countDown();
                        then.on(handle);
                      }
                      return null;
                    }));
    await(begun);
  }

  /** Waits for {@link #close}, as the second step. */
  void waitForTheEnd(Connection handle) {
    await(end);
  }

  private static void await(CountDownLatch latch) {
    try {
      if (!latch.await(1, TimeUnit.MINUTES)) {
        throw new AssertionError("nothing has happened for a minute");
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    end.countDown();
    thread.shutdown();
    try {
      if (running != null) {
        running.get(1, TimeUnit.MINUTES);
      }
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      throw new AssertionError(e);
    }
  }
}
