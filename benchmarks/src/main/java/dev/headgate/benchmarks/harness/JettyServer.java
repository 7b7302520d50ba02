package dev.headgate.benchmarks.harness;

import com.sun.management.ThreadMXBean;
import jakarta.servlet.ServletContext;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.BlockingArrayQueue;
import org.eclipse.jetty.util.component.LifeCycle;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/**
 * A Jetty on a free port of the loopback address, without sessions and logins. Its number of
 * threads is fixed, so that what they have allocated can be told.
 */
public final class JettyServer implements AutoCloseable {

  private static final ThreadMXBean BEAN = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private static final int THREADS = 16;

  private final Server server;
  private final ServerConnector connector;
  private final List<Thread> threads;

  private JettyServer(Server server, ServerConnector connector, List<Thread> threads) {
    this.server = server;
    this.connector = connector;
    this.threads = threads;
  }

  /** Starts a server with a web application, whose filters and servlets the caller adds. */
  public static JettyServer start(String name, Consumer<ServletContext> webapp) throws Exception {
    return start(name, THREADS, webapp);
  }

  /** Starts a server with so many threads, those included that accept and select. */
  public static JettyServer start(String name, int count, Consumer<ServletContext> webapp)
      throws Exception {
    List<Thread> threads = new CopyOnWriteArrayList<>();
    QueuedThreadPool pool =
        new QueuedThreadPool(
            count,
            count,
            60_000,
            -1,
            new BlockingArrayQueue<>(),
            null,
            task -> {
              Thread thread = new Thread(task, name);
              threads.add(thread);
              return thread;
            });
    Server server = new Server(pool);
    HttpConfiguration configuration = new HttpConfiguration();
    configuration.setSendServerVersion(false);
    ServerConnector connector =
        new ServerConnector(server, new HttpConnectionFactory(configuration));
    connector.setHost("127.0.0.1");
    server.addConnector(connector);
    ServletContextHandler context = new ServletContextHandler("/");
    context.addServletContainerInitializer((classes, started) -> webapp.accept(started));
    server.setHandler(context);
    try {
      server.start();
    } catch (Exception | Error e) {
      LifeCycle.stop(server);
      throw e;
    }
    return new JettyServer(server, connector, threads);
  }

  /** Returns the port that it listens on. */
  public int port() {
    return connector.getLocalPort();
  }

  /**
   * Returns how many bytes its threads have allocated so far. All that is done for a request is
   * done by them; what the process has allocated as a whole has the clients in it, and what pools
   * and compilers do in the background.
   */
  public long allocatedBytes() {
    return Arrays.stream(BEAN.getThreadAllocatedBytes(threadIds())).sum();
  }

  /**
   * Returns how many nanoseconds its threads have had a processor so far. Other processes on the
   * machine change it less than anything that a client can see.
   */
  public long cpuNanos() {
    return Arrays.stream(BEAN.getThreadCpuTime(threadIds())).sum();
  }

  private long[] threadIds() {
    return threads.stream().mapToLong(Thread::getId).toArray();
  }

  @Override
  public void close() {
    LifeCycle.stop(server);
  }
}
