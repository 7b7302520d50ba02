package dev.headgate.filter;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpSession;
import jakarta.servlet.http.HttpUpgradeHandler;
import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A request inside a unit of work, which it does not outlive. */
final class UnitRequest extends HttpServletRequestWrapper {

  private final Exchange exchange;

  UnitRequest(HttpServletRequest request, Exchange exchange) {
    super(request);
    this.exchange = exchange;
  }

  @Override
  public AsyncContext startAsync() {
    return exchange.startAsync(this, null, null);
  }

  @Override
  public AsyncContext startAsync(ServletRequest request, ServletResponse response) {
    return exchange.startAsync(
        this,
        Objects.requireNonNull(request, "request"),
        Objects.requireNonNull(response, "response"));
  }

  @Override
  public AsyncContext getAsyncContext() {
    AsyncContext async = exchange.async();
    return async != null ? async : super.getAsyncContext();
  }

  @Override
  public HttpSession getSession() {
    requireSessionPossible();
    return super.getSession();
  }

  @Override
  public @Nullable HttpSession getSession(boolean create) {
    if (create) {
      requireSessionPossible();
    }
    return super.getSession(create);
  }

  private void requireSessionPossible() {
    if (exchange.isCommitted() && super.getSession(false) == null) {
      throw new IllegalStateException(
          "a session can't be created after the response has been committed");
    }
  }

  @Override
  public <T extends HttpUpgradeHandler> T upgrade(Class<T> handler) {
    throw new IllegalStateException(
        "upgrade(handler) inside a unit of work, which is committed before the request is upgraded:"
            + " exclude the request from the filter, and use RoutingDataSource.call(tenant, …)");
  }

  /** Jetty resets its own response before a forward, where the servlet API says the given one. */
  @Override
  public @Nullable RequestDispatcher getRequestDispatcher(String path) {
    RequestDispatcher dispatcher = super.getRequestDispatcher(path);
    boolean resets = dispatcher != null && exchange.isJettys();
    return resets ? new ResettingDispatcher(dispatcher) : dispatcher;
  }

  private record ResettingDispatcher(RequestDispatcher dispatcher) implements RequestDispatcher {

    @Override
    public void forward(ServletRequest request, ServletResponse response)
        throws ServletException, IOException {
      response.resetBuffer();
      dispatcher.forward(request, response);
    }

    @Override
    public void include(ServletRequest request, ServletResponse response)
        throws ServletException, IOException {
      dispatcher.include(request, response);
    }
  }
}
