package dev.headgate.filter;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpUpgradeHandler;

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

  private static IllegalStateException refused(String call) {
    return new IllegalStateException(
        call
            + " inside a unit of work, which is committed before the call of the filter returns:"
            + " exclude the request from the filter, and use RoutingDataSource.call(tenant, …)");
  }
}
