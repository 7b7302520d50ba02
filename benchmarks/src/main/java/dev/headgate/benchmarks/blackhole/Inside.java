package dev.headgate.benchmarks.blackhole;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Collection;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** In front of all others: how many requests of a host are inside, and how long each one is. */
final class Inside extends HttpFilter {

  private static final long serialVersionUID = 1L;

  private final String host;
  private final transient Queue<Seen> seen = new ConcurrentLinkedQueue<>();
  private final AtomicInteger inside = new AtomicInteger();
  private final AtomicInteger most = new AtomicInteger();

  Inside(String host) {
    this.host = host;
  }

  @Override
  protected void doFilter(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    if (!request.getServerName().equals(host)) {
      chain.doFilter(request, response);
      return;
    }
    most.accumulateAndGet(inside.incrementAndGet(), Math::max);
    long begin = System.nanoTime();
    try {
      chain.doFilter(request, response);
    } finally {
      long end = System.nanoTime();
      inside.decrementAndGet();
      seen.add(new Seen(end, end - begin, response.getStatus()));
    }
  }

  /** Returns how many there were at once, since it was asked for last. */
  int most() {
    return most.getAndSet(inside.get());
  }

  Collection<Seen> seen() {
    return seen;
  }
}
