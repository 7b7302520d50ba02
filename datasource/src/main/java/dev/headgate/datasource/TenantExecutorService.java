package dev.headgate.datasource;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Has each task carry the tenant that is current where it is submitted. */
final class TenantExecutorService implements ExecutorService {

  private final ExecutorService executor;
  private final TenantTasks tasks;

  TenantExecutorService(ExecutorService executor, TenantTasks tasks) {
    this.executor = executor;
    this.tasks = tasks;
  }

  @Override
  public void execute(Runnable task) {
    executor.execute(tasks.carrying(task));
  }

  @Override
  public <T extends @Nullable Object> Future<T> submit(Callable<T> task) {
    return executor.submit(tasks.carrying(task));
  }

  @Override
  public <T extends @Nullable Object> Future<T> submit(Runnable task, T result) {
    return executor.submit(tasks.carrying(task), result);
  }

  @Override
  public Future<?> submit(Runnable task) {
    return executor.submit(tasks.carrying(task));
  }

  @Override
  public <T extends @Nullable Object> List<Future<T>> invokeAll(
      Collection<? extends Callable<T>> all) throws InterruptedException {
    return executor.invokeAll(carrying(all));
  }

  @Override
  public <T extends @Nullable Object> List<Future<T>> invokeAll(
      Collection<? extends Callable<T>> all, long timeout, TimeUnit unit)
      throws InterruptedException {
    return executor.invokeAll(carrying(all), timeout, unit);
  }

  @Override
  public <T extends @Nullable Object> T invokeAny(Collection<? extends Callable<T>> all)
      throws InterruptedException, ExecutionException {
    return executor.invokeAny(carrying(all));
  }

  @Override
  public <T extends @Nullable Object> T invokeAny(
      Collection<? extends Callable<T>> all, long timeout, TimeUnit unit)
      throws InterruptedException, ExecutionException, TimeoutException {
    return executor.invokeAny(carrying(all), timeout, unit);
  }

  private <T extends @Nullable Object> List<Callable<T>> carrying(
      Collection<? extends Callable<T>> all) {
    List<Callable<T>> carrying = new ArrayList<>(all.size());
    for (Callable<T> task : all) {
      carrying.add(tasks.carrying(task));
    }
    return carrying;
  }

  @Override
  public void shutdown() {
    executor.shutdown();
  }

  @Override
  public List<Runnable> shutdownNow() {
    return executor.shutdownNow();
  }

  @Override
  public boolean isShutdown() {
    return executor.isShutdown();
  }

  @Override
  public boolean isTerminated() {
    return executor.isTerminated();
  }

  @Override
  public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
    return executor.awaitTermination(timeout, unit);
  }
}
