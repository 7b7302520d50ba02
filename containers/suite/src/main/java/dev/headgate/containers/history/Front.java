package dev.headgate.containers.history;

import dev.headgate.datasource.Outcome;
import dev.headgate.datasource.RoutingDataSource;
import dev.headgate.filter.UnitOfWorkFilter;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/**
 * The filter in front of all: hears of the outcome, and looks whether something of another request
 * was left on the thread or in the request.
 */
final class Front implements Filter {

  /** The request attribute with the container's response. */
  static final String RESPONSE = "history.response";

  private final Script script;
  private final RoutingDataSource dataSource;
  private final Findings findings;

  Front(Script script, RoutingDataSource dataSource, Findings findings) {
    this.script = script;
    this.dataSource = dataSource;
    this.findings = findings;
  }

  @Override
  public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    Trace trace = script.trace(request);
    if (request.getDispatcherType() == DispatcherType.REQUEST) {
      ((HttpServletResponse) response).setHeader(Script.INDEX, "" + trace.plan().index());
      request.setAttribute(RESPONSE, response);
      if (request.getAttribute(UnitOfWorkFilter.OUTCOME) != null) {
        findings.add(Rule.NOTHING_IS_LEFT, "the outcome of another request", trace);
      }
    }
    requireNoUnit("before", trace);
    try {
      chain.doFilter(new Listening((HttpServletRequest) request, trace), response);
    } catch (IOException | ServletException | RuntimeException e) {
      trace.event("the container gets " + e);
      throw e;
    } finally {
      requireNoUnit("after", trace);
    }
  }

  private void requireNoUnit(String when, Trace trace) {
    try {
      Object left = dataSource.current();
      findings.add(Rule.NOTHING_IS_LEFT, when + " a request, the thread has a " + left, trace);
    } catch (IllegalStateException expected) {
      // There is none.
    }
  }

  private static final class Listening extends HttpServletRequestWrapper {

    private final Trace trace;

    Listening(HttpServletRequest request, Trace trace) {
      super(request);
      this.trace = trace;
    }

    @Override
    public void setAttribute(String name, Object value) {
      if (name.equals(UnitOfWorkFilter.OUTCOME)) {
        trace.outcome((Outcome) value);
        trace.event("outcome " + value);
      }
      super.setAttribute(name, value);
    }
  }
}
