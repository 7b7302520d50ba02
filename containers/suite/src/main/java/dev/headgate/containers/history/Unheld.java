package dev.headgate.containers.history;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import java.io.IOException;
import java.util.Objects;

/**
 * Switches the holding off, behind the filter that does it: the application gets the container's
 * response, and what it has written goes out before the work is committed.
 */
final class Unheld implements Filter {

  @Override
  public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    ServletResponse container =
        (ServletResponse) Objects.requireNonNull(request.getAttribute(Front.RESPONSE));
    chain.doFilter(request, container);
    if (!request.isAsyncStarted()) {
      container.flushBuffer();
    }
  }
}
