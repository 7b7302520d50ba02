package dev.headgate.containers.stage;

import dev.headgate.filter.UnitOfWorkFilter;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** In front of the filter: what it throws, and what it leaves behind on the thread. */
final class Watch implements Filter {

  /** The request header with the encoding that is set for its answer. */
  static final String ENCODING = "X-Encoding";

  private final Stage stage;

  Watch(Stage stage) {
    this.stage = stage;
  }

  @Override
  public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    stage.requireNothingHere("before a dispatch");
    Trial trial = stage.trial(request);
    ((HttpServletResponse) response).setHeader("X-In-Front", "yes");
    String encoding = ((HttpServletRequest) request).getHeader(ENCODING);
    if (encoding != null && request.getDispatcherType() == DispatcherType.REQUEST) {
      response.setCharacterEncoding(encoding);
    }
    Throwable thrown = null;
    try {
      chain.doFilter(request, response);
    } catch (IOException | ServletException | RuntimeException | Error e) {
      thrown = e;
      throw e;
    } finally {
      stage.requireNothingHere("after a dispatch");
      leave(trial, request, thrown);
    }
  }

  private static void leave(
      @Nullable Trial trial, ServletRequest request, @Nullable Throwable thrown) {
    if (trial != null) {
      // An asynchronous request may be another one's by now.
      boolean here = thrown != null || !request.isAsyncStarted();
      trial.leave(thrown, here ? request.getAttribute(UnitOfWorkFilter.OUTCOME) : null);
    }
  }
}
