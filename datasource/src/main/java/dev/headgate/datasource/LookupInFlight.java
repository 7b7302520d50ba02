package dev.headgate.datasource;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** One thread asks about a tenant, and others wait for what it hears. */
final class LookupInFlight {

  private final long begun;
  private final CompletableFuture<Answer> answer = new CompletableFuture<>();

  /**
   * Begins one.
   *
   * @param now the time, in nanoseconds
   */
  LookupInFlight(long now) {
    begun = now;
  }

  void answered(Answer heard) {
    answer.complete(heard);
  }

  void failed(TenantDirectoryException failure) {
    answer.completeExceptionally(failure);
  }

  /**
   * Waits for what the thread hears that asks.
   *
   * @param patience how long that thread may have asked by then, in nanoseconds
   * @throws TenantDirectoryException if the directory has failed, or could not be asked
   * @throws TimeoutException if it takes longer
   */
  Answer await(TenantId tenant, long now, long patience)
      throws TimeoutException, InterruptedException {
    try {
      return answer.get(begun + patience - now, TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      // Each thread throws one of its own, with its own stack trace.
      throw e.getCause() instanceof DirectoryBusyException busy
          ? new DirectoryBusyException(tenant, busy.why())
          : new TenantDirectoryException(tenant, e.getCause().getCause());
    }
  }
}
