package dev.headgate.benchmarks.flood;

import dev.headgate.benchmarks.harness.Latencies;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** Takes the time that the filter needs for requests that it refuses. */
final class Stopwatch extends HttpFilter {

  private static final long serialVersionUID = 1L;

  private transient Latencies refused = new Latencies();

  @Override
  protected void doFilter(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    long begin = System.nanoTime();
    chain.doFilter(request, response);
    if (response.getStatus() >= HttpServletResponse.SC_BAD_REQUEST) {
      add(System.nanoTime() - begin);
    }
  }

  private synchronized void add(long nanos) {
    refused.add(nanos);
  }

  /** Returns what it has seen since the last time. */
  synchronized Latencies take() {
    Latencies seen = refused;
    refused = new Latencies();
    return seen;
  }
}
