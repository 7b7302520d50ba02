package dev.headgate.filter;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.Servlet;
import jakarta.servlet.ServletConfig;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.sql.SQLException;
import java.util.EnumSet;
import java.util.List;
import org.eclipse.jetty.ee10.servlet.ErrorPageErrorHandler;
import org.eclipse.jetty.ee10.servlet.FilterHolder;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/** Embedded Jetty on the loopback, with what a test puts into it. */
final class Web implements AutoCloseable {

  /** What a servlet of a test does. An SQLException is wrapped, as servlets have to. */
  @FunctionalInterface
  interface Service {
    void service(HttpServletRequest request, HttpServletResponse response)
        throws IOException, ServletException, SQLException;
  }

  private final Server server;
  private final ServerConnector connector;
  private final ServletContextHandler context;
  private final ErrorPageErrorHandler errorPages = new ErrorPageErrorHandler();

  Web() {
    QuietLogs.on();
    // slf4j-simple's MDC would be inherited by threads that are made during a request.
    QueuedThreadPool threads =
        new QueuedThreadPool(
            100, 4, 60_000, 0, null, null, task -> new Thread(null, task, "web", 0, false));
    threads.setDaemon(true);
    server = new Server(threads);
    connector = new ServerConnector(server, 1, 2);
    connector.setHost("127.0.0.1");
    server.addConnector(connector);
    context = new ServletContextHandler(ServletContextHandler.SESSIONS);
    context.setErrorHandler(errorPages);
    server.setHandler(context);
  }

  ServletContextHandler context() {
    return context;
  }

  Web servlet(String pattern, Service service) {
    ServletHolder holder = new ServletHolder(new ServiceServlet(service));
    holder.setAsyncSupported(true);
    context.addServlet(holder, pattern);
    return this;
  }

  /** Adds a filter for all paths; for requests, asynchronous ones too, if no type is named. */
  Web filter(Filter filter, DispatcherType... types) {
    return filter(new FilterHolder(filter), types);
  }

  Web filter(FilterHolder holder, DispatcherType... types) {
    EnumSet<DispatcherType> all =
        types.length == 0
            ? EnumSet.of(DispatcherType.REQUEST, DispatcherType.ASYNC)
            : EnumSet.copyOf(List.of(types));
    holder.setAsyncSupported(all.contains(DispatcherType.ASYNC));
    context.addFilter(holder, "/*", all);
    return this;
  }

  Web errorPage(int status, String path) {
    errorPages.addErrorPage(status, path);
    return this;
  }

  Web start() throws Exception {
    server.start();
    return this;
  }

  /** Lets all URIs pass to the application, as some servers do for old clients. */
  Web lenient() {
    context.getServletHandler().setDecodeAmbiguousURIs(true);
    connector
        .getConnectionFactory(HttpConnectionFactory.class)
        .getHttpConfiguration()
        .setUriCompliance(UriCompliance.UNSAFE);
    return this;
  }

  int port() {
    return connector.getLocalPort();
  }

  Answer get(String path, String... headers) {
    return exchange("GET", path, headers);
  }

  Answer exchange(String method, String path, String... headers) {
    try (Wire wire = Wire.send(port(), method, path, headers)) {
      return wire.answer();
    }
  }

  Answer post(String path, String form, String... headers) {
    try (Wire wire = Wire.post(port(), path, form, headers)) {
      return wire.answer();
    }
  }

  @Override
  public void close() {
    try {
      server.stop();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static final class ServiceServlet implements Servlet {

    private final Service service;
    private ServletConfig config;

    ServiceServlet(Service service) {
      this.service = service;
    }

    @Override
    public void init(ServletConfig config) {
      this.config = config;
    }

    @Override
    public ServletConfig getServletConfig() {
      return config;
    }

    @Override
    public void service(ServletRequest request, ServletResponse response)
        throws ServletException, IOException {
      try {
        service.service((HttpServletRequest) request, (HttpServletResponse) response);
      } catch (SQLException e) {
        throw new ServletException(e);
      }
    }

    @Override
    public String getServletInfo() {
      return "";
    }

    @Override
    public void destroy() {}
  }
}
