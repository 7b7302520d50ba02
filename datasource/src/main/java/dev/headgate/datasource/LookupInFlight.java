package dev.headgate.datasource;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** One thread asks about a tenant, and others wait for what it hears. */
final class LookupInFlight {

  private final long begun;

  /** Returns the answer, or throws why there is none. */
  private final CompletableFuture<Supplier<Answer>> result = new CompletableFuture<>();

  /**
   * Begins one.
   *
   * @param now the time, in nanoseconds
   */
  LookupInFlight(long now) {
    begun = now;
  }

  void answered(Answer answer) {
    result.complete(() -> answer);
  }

  void failed(TenantDirectoryException failure) {
    result.complete(
        () -> {
          throw failure.again();
        });
  }

  /**
   * Waits for what the thread hears that asks.
   *
   * @param patience how long that thread may have asked by then, in nanoseconds
   * @throws TenantDirectoryException if the directory has failed, or could not be asked
   * @throws TimeoutException if it takes longer
   */
  Answer await(long now, long patience) throws TimeoutException, InterruptedException {
    try {
      return result.get(begun + patience - now, TimeUnit.NANOSECONDS).get();
    } catch (ExecutionException e) {
      throw new AssertionError("a failure is a result", e);
    }
  }
}
