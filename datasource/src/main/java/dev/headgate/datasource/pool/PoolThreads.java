package dev.headgate.datasource.pool;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads of one registry, shared by all its pools: one for what is due at a time, a few to
 * close pools, and those that open connections. All are daemons, inherit nothing of the thread that
 * caused them, and end with the registry.
 */
final class PoolThreads implements ThreadFactory, AutoCloseable {

  /**
   * Closing a pool can hang on its database, and mostly waits for HikariCP's threads: with few,
   * pools would be made quicker than they are closed.
   */
  private static final int CLOSERS = 16;

  private final String prefix;
  private final AtomicInteger made = new AtomicInteger();
  private final ScheduledThreadPoolExecutor scheduler;
  private final ThreadPoolExecutor closers;
  private final ThreadPoolExecutor connecting;

  PoolThreads(String prefix) {
    this.prefix = prefix;
    scheduler = new ScheduledThreadPoolExecutor(1, this);
    scheduler.setRemoveOnCancelPolicy(true);
    scheduler.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    closers =
        new ThreadPoolExecutor(
            CLOSERS,
            CLOSERS,
            5,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            this,
            // After the shutdown: by then every pool was closed, by force if need be.
            new ThreadPoolExecutor.DiscardPolicy());
    closers.allowCoreThreadTimeOut(true);
    connecting =
        new ThreadPoolExecutor(
            0,
            Integer.MAX_VALUE,
            5,
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            this,
            // After the shutdown: whoever wants a connection then waits for it.
            (task, executor) -> task.run());
  }

  ScheduledThreadPoolExecutor scheduler() {
    return scheduler;
  }

  void close(Runnable pool) {
    closers.execute(pool);
  }

  /** Opens a connection: as many at a time as there are places for. */
  void connect(Runnable connect) {
    connecting.execute(connect);
  }

  /** Does something that does not take long, on a thread that ends when there is nothing to do. */
  void run(Runnable task) {
    connecting.execute(task);
  }

  @Override
  public Thread newThread(Runnable task) {
    // Without inherited thread locals, and with the system's class loader in place of the calling
    // application's: a pool's thread can outlive the request, and even the application, that made
    // it.
    Thread thread = new Thread(null, task, prefix + "-" + made.incrementAndGet(), 0, false);
    thread.setContextClassLoader(ClassLoader.getSystemClassLoader());
    thread.setDaemon(true);
    return thread;
  }

  /** Takes no more work; what waits to be closed is still closed. */
  @Override
  public void close() {
    scheduler.shutdown();
    closers.shutdown();
    connecting.shutdown();
  }
}
