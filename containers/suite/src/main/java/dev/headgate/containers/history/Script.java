package dev.headgate.containers.history;

import jakarta.servlet.ServletRequest;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** What all requests of a run are to do, and have done so far. Safe for use by many threads. */
final class Script {

  /** The header of a request that says which one it is. */
  static final String INDEX = "X-Index";

  private final Plans plans;
  private final ConcurrentMap<Integer, Trace> traces = new ConcurrentHashMap<>();

  Script(Plans plans) {
    this.plans = plans;
  }

  Trace begin(int index) {
    Trace trace = new Trace(plans.plan(index));
    traces.put(index, trace);
    return trace;
  }

  Trace trace(ServletRequest request) {
    return trace(Integer.parseInt(((HttpServletRequest) request).getHeader(INDEX)));
  }

  Trace trace(int index) {
    return Objects.requireNonNull(traces.get(index), "no such request");
  }

  Iterable<Trace> traces() {
    return traces.values();
  }
}
