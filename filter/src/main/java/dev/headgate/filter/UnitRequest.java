package dev.headgate.filter;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpUpgradeHandler;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A request inside a unit of work: it can't outlive its call. */
final class UnitRequest extends HttpServletRequestWrapper {

  UnitRequest(HttpServletRequest request) {
    super(request);
  }

  @Override
  public boolean isAsyncSupported() {
    return false;
  }

  @Override
  public AsyncContext startAsync() {
    throw refused("startAsync()");
  }

  @Override
  public AsyncContext startAsync(ServletRequest request, ServletResponse response) {
    throw refused("startAsync(request, response)");
  }

  @Override
  public <T extends HttpUpgradeHandler> T upgrade(Class<T> handler) {
    throw refused("upgrade(handler)");
  }

  /** Jetty resets its own response before a forward, where the servlet API says the given one. */
  @Override
  public @Nullable RequestDispatcher getRequestDispatcher(String path) {
    RequestDispatcher dispatcher = super.getRequestDispatcher(path);
    return dispatcher == null ? null : new ResettingDispatcher(dispatcher);
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

  private static IllegalStateException refused(String call) {
    return new IllegalStateException(
        call
            + " inside a unit of work, which is committed before the call of the filter returns:"
            + " exclude the request from the filter, and use RoutingDataSource.call(tenant, …)");
  }
}
