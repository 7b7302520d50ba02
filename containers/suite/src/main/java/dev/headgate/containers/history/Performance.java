package dev.headgate.containers.history;

import dev.headgate.datasource.RoutingDataSource;
import dev.headgate.filter.UnitOfWorkFilter;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.sql.SQLException;

/** Does what a request is to do, and answers it, on whatever thread it is told to. */
final class Performance {

  /** A header of all answers of success. */
  static final String SUCCESS = "X-Success";

  private static final int PERIOD = 26;

  /** How much is written at most at once. */
  static final int LARGEST_WRITE = 16 * 1024;

  /** What bodies are made of, from any place in its first period. */
  static final byte[] PATTERN = pattern();

  private final RoutingDataSource dataSource;
  private final Trace trace;
  private final Plan plan;
  private final HttpServletResponse response;
  private final Work work;

  Performance(RoutingDataSource dataSource, Trace trace, HttpServletResponse response) {
    this.dataSource = dataSource;
    this.trace = trace;
    this.plan = trace.plan();
    this.response = response;
    this.work = new Work(dataSource, trace);
  }

  private static byte[] pattern() {
    byte[] pattern = new byte[LARGEST_WRITE + PERIOD];
    for (int i = 0; i < pattern.length; i++) {
      pattern[i] = (byte) ('a' + i % PERIOD);
    }
    return pattern;
  }

  /** Returns where in the pattern a part of a body begins. */
  static int place(Plan plan, long offset) {
    return (int) ((offset + plan.index()) % PERIOD);
  }

  void begin(HttpServletRequest request) {
    trace.register(dataSource.current());
    trace.begun().countDown();
    response.setHeader(SUCCESS, "true");
    switch (plan.body()) {
      case EVENTS -> response.setContentType("text/event-stream");
      case ATTRIBUTE -> request.setAttribute(UnitOfWorkFilter.STREAM, true);
      default -> response.setContentType("text/plain");
    }
    if (plan.body().hasLength() && plan.ending() == Ending.OK) {
      response.setContentLength(plan.length());
    }
  }

  /** Takes the first half of the steps, and writes their parts of the body. */
  void firstHalf() throws SQLException, IOException {
    steps(0, plan.steps().size() / 2, true);
  }

  void secondHalf() throws SQLException, IOException {
    steps(plan.steps().size() / 2, plan.steps().size(), true);
  }

  void all() throws SQLException, IOException {
    steps(0, plan.steps().size(), true);
  }

  void secondHalfWithoutBody() throws SQLException, IOException {
    steps(plan.steps().size() / 2, plan.steps().size(), false);
  }

  Work work() {
    return work;
  }

  private void steps(int from, int to, boolean writing) throws SQLException, IOException {
    for (Step step : plan.steps().subList(from, to)) {
      work.take(step);
      if (writing) {
        part();
      }
    }
    if (to == plan.steps().size() && plan.index() % 3 == 0) {
      // When all of the body may be out already.
      work.take(Step.WRITE);
    }
  }

  private void part() throws IOException {
    int rest = plan.body().part();
    if (rest == 0) {
      return;
    }
    ServletOutputStream out = response.getOutputStream();
    while (rest > 0) {
      int length = Math.min(rest, LARGEST_WRITE);
      if (plan.body().isStreamed()) {
        trace.bound();
      }
      long offset = trace.writing(length);
      out.write(PATTERN, place(plan, offset), length);
      rest -= length;
    }
    if (plan.body().isFlushed()) {
      if (plan.body().isStreamed()) {
        trace.bound();
      }
      response.flushBuffer();
    }
  }

  /** Ends as planned, in a call of the container. */
  void end() throws IOException, ServletException {
    if (plan.ending() == Ending.THROW) {
      trace.event("throws");
      throw new ServletException("as planned");
    }
    endByResponse();
  }

  /** Ends as planned, where nobody sees what is thrown. */
  void endByResponse() throws IOException {
    trace.event("ends with " + plan.ending());
    trace.ending().countDown();
    switch (plan.ending()) {
      case OK -> {}
      case REDIRECT -> response.sendRedirect("/elsewhere");
      case STATUS -> fail(HttpServletResponse.SC_CONFLICT);
      case SEND_ERROR -> sendError(HttpServletResponse.SC_CONFLICT);
      case THROW -> sendError(HttpServletResponse.SC_INTERNAL_SERVER_ERROR);
      case ROLLBACK_ONLY -> dataSource.current().setRollbackOnly();
      case ROLLBACK_ONLY_TOLD -> {
        dataSource.current().setRollbackOnly();
        fail(422);
      }
    }
  }

  private void fail(int status) {
    response.setStatus(status);
    response.setHeader(SUCCESS, "false");
  }

  void sendError(int status) throws IOException {
    fail(status);
    response.sendError(status);
  }
}
