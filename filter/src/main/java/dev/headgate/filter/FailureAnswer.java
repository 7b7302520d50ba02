package dev.headgate.filter;

import dev.headgate.datasource.OutcomeUnknownException;
import dev.headgate.datasource.PartialCommitException;
import dev.headgate.datasource.TenantDirectoryException;
import dev.headgate.datasource.TenantReadOnlyException;
import dev.headgate.datasource.TenantSuspendedException;
import dev.headgate.datasource.pool.DatabaseUnavailableException;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the client hears of a request that has failed. */
record FailureAnswer(
    Duration retryAfter, HttpServletRequest request, HttpServletResponse response) {

  private static final Logger log = LoggerFactory.getLogger(FailureAnswer.class);
  private static final SparseLog sparse = new SparseLog(log, System::nanoTime);

  /** Chains of exceptions can be circular. */
  private static final int DEPTH = 32;

  private static final String UNREACHABLE = "The database can't be reached";
  private static final String SUSPENDED = "Nothing can be done here for now";
  private static final String READ_ONLY = "Nothing can be changed here for now";

  /**
   * Returns whether an answer was given, since the database could not be reached; otherwise the
   * failure is the container's.
   */
  boolean replaces(Throwable failure) throws IOException {
    String why = response.isCommitted() ? null : unavailability(failure);
    boolean unavailable = why != null;
    if (why != null) {
      sparse.warn(failure);
      unavailable(retryAfter(failure), why, response);
    }
    if (request.isAsyncStarted()) {
      endAsync(unavailable);
    }
    return unavailable;
  }

  /** Jetty ignores what is thrown then, and sends the answer of whoever completes the request. */
  private void endAsync(boolean answered) throws IOException {
    if (!answered && !response.isCommitted()) {
      response.sendError(HttpServletResponse.SC_INTERNAL_SERVER_ERROR);
    }
    try {
      request.getAsyncContext().complete();
    } catch (IllegalStateException e) {
      log.debug("The request was completed already", e);
    }
  }

  /** Answers 503, with the time after which to try again in whole seconds. */
  static void unavailable(Duration retryAfter, HttpServletResponse response) throws IOException {
    unavailable(retryAfter, UNREACHABLE, response);
  }

  /** Answers 503 to a request of a tenant that is suspended. */
  static void suspended(Duration retryAfter, HttpServletResponse response) throws IOException {
    unavailable(retryAfter, SUSPENDED, response);
  }

  private static void unavailable(Duration retryAfter, String why, HttpServletResponse response)
      throws IOException {
    // Rounded up: whoever comes too early comes in vain.
    long seconds = retryAfter.plusSeconds(1).minusNanos(1).toSeconds();
    response.setHeader("Retry-After", Long.toString(Math.max(1, seconds)));
    response.sendError(HttpServletResponse.SC_SERVICE_UNAVAILABLE, why);
  }

  /** Returns what the pools say, if they know it. */
  private Duration retryAfter(Throwable failure) {
    Throwable next = failure;
    for (int depth = 0; next != null && depth < DEPTH; depth++) {
      if (next instanceof DatabaseUnavailableException unavailable) {
        return unavailable.retryAfter().orElse(retryAfter);
      }
      next = cause(next);
    }
    return retryAfter;
  }

  /** Throws a failure as the container knows it. */
  static void rethrow(Throwable failure) throws IOException, ServletException {
    if (failure instanceof IOException e) {
      throw e;
    }
    if (failure instanceof ServletException e) {
      throw e;
    }
    if (failure instanceof RuntimeException e) {
      throw e;
    }
    if (failure instanceof Error e) {
      throw e;
    }
    throw new ServletException(failure);
  }

  /** Returns what clients hear of a failure that passes by itself; null if it does not. */
  private static @Nullable String unavailability(Throwable failure) {
    Throwable next = failure;
    for (int depth = 0; next != null && depth < DEPTH; depth++) {
      if (next instanceof OutcomeUnknownException || next instanceof PartialCommitException) {
        // Who tries again does it twice.
        return null;
      }
      if (next instanceof TenantSuspendedException) {
        return SUSPENDED;
      }
      if (isReadOnly(next)) {
        return READ_ONLY;
      }
      if (next instanceof DatabaseUnavailableException
          || next instanceof TenantDirectoryException) {
        return UNREACHABLE;
      }
      next = cause(next);
    }
    return null;
  }

  /** Whether a write was refused since the tenant is read only, which a database does not know. */
  private static boolean isReadOnly(Throwable failure) {
    for (Throwable suppressed : failure.getSuppressed()) {
      if (suppressed instanceof TenantReadOnlyException) {
        return true;
      }
    }
    return false;
  }

  private static @Nullable Throwable cause(Throwable failure) {
    return failure instanceof ServletException servlet && servlet.getRootCause() != null
        ? servlet.getRootCause()
        : failure.getCause();
  }
}
