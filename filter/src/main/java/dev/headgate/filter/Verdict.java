package dev.headgate.filter;

import dev.headgate.datasource.Outcome;
import dev.headgate.datasource.UnitInUseException;
import dev.headgate.datasource.UnitOfWork;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.sql.SQLException;
import java.util.Optional;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What becomes of the work of a request, and so what its client hears: the work is committed if
 * nothing has failed and the answer does not say that it has.
 */
final class Verdict {

  private static final Logger log = LoggerFactory.getLogger(Verdict.class);

  private final UnitOfWork work;
  private final HeldResponse held;
  private final IntPredicate rollBackOn;
  private final boolean errorPage;

  private volatile @Nullable Throwable failure;

  /** Whether what is left of the work is rolled back when another thread has done with it. */
  private volatile boolean rollbackWaits;

  /**
   * Will be reached.
   *
   * @param errorPage whether the answer tells of another request's failure, and may keep its status
   */
  Verdict(UnitOfWork work, HeldResponse held, IntPredicate rollBackOn, boolean errorPage) {
    this.work = work;
    this.held = held;
    this.rollBackOn = rollBackOn;
    this.errorPage = errorPage;
  }

  /** Something has failed. The first failure survives. */
  void failed(@Nullable Throwable thrown) {
    Throwable first = failure;
    if (first == null) {
      failure = thrown;
    } else if (thrown != null && thrown != first && thrown.getCause() != first) {
      first.addSuppressed(thrown);
    }
  }

  @Nullable Throwable failure() {
    return failure;
  }

  /** Returns whether nothing can be committed any more, whatever else happens. */
  boolean isRollback() {
    return work.isRollbackOnly() || vetoes();
  }

  /** Ends the work: commits it, or rolls it back; tells the outcome. */
  void reach(HttpServletRequest request) {
    if (failure == null) {
      try {
        held.complete();
        if (keepsNothing()) {
          rollBack();
        } else {
          work.finish();
        }
      } catch (SQLException | RuntimeException | Error e) {
        failed(e);
      }
    }
    if (failure != null) {
      rollBack();
    }
    tellOutcome(request);
  }

  /** Ends the work without keeping any of it; tells the outcome. */
  void giveUp(HttpServletRequest request) {
    rollBack();
    tellOutcome(request);
  }

  /** Commits what was done so far, since bytes of the answer go out next. */
  void beforeBytes() throws IOException {
    if (keepsNothing()) {
      return;
    }
    try {
      work.commit();
    } catch (SQLException | RuntimeException e) {
      failed(e);
      held.seal();
      throw new IOException("the work of the request can't be committed, so it is not answered", e);
    }
  }

  /** What was done is not to be committed, and no more of it may be done. */
  void cancel() {
    try {
      work.cancel();
    } catch (SQLException | RuntimeException e) {
      log.warn("A statement of tenant {} could not be cancelled", work.tenant(), e);
    }
  }

  /**
   * Returns whether the work is rolled back without being a failure: the answer says it already.
   */
  private boolean keepsNothing() {
    return vetoes()
        || (held.getStatus() >= HttpServletResponse.SC_BAD_REQUEST && work.isRollbackOnly());
  }

  /** Returns whether the answer says that the work has failed; on an error page it says why. */
  private boolean vetoes() {
    int status = held.getStatus();
    return (rollBackOn.test(status) || status < 0) && !(errorPage && held.hasStatusOfEntry());
  }

  /** If this fails the connection is destroyed, which rolls back too: the answer stands. */
  private void rollBack() {
    try {
      work.close();
    } catch (UnitInUseException e) {
      log.debug("The rollback waits for the thread that has the unit of work", e);
      rollbackWaits = true;
    } catch (SQLException | RuntimeException e) {
      Throwable first = failure;
      if (first == null) {
        log.warn("The rollback of a request of tenant {} failed", work.tenant(), e);
      } else if (first != e) {
        first.addSuppressed(e);
      }
    }
  }

  private void tellOutcome(HttpServletRequest request) {
    Optional<Outcome> soFar = work.outcome();
    if (rollbackWaits) {
      Outcome told = soFar.orElse(Outcome.ROLLED_BACK);
      tell(told == Outcome.COMMITTED ? Outcome.PARTLY : told, request);
    } else if (soFar.isPresent()) {
      tell(soFar.get(), request);
    }
  }

  /** An error page has no outcome to tell: the attribute is that of the request which failed. */
  private void tell(Outcome outcome, HttpServletRequest request) {
    if (errorPage) {
      return;
    }
    try {
      request.setAttribute(UnitOfWorkFilter.OUTCOME, outcome);
    } catch (RuntimeException e) {
      log.debug("The container has forgotten the request already", e);
    }
  }
}
