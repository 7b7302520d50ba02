package dev.headgate.datasource;

import java.sql.SQLNonTransientException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A unit of work on several databases was committed in some of them and not in others. Their
 * commits follow each other, and there is no atomicity between them: the application has to put it
 * right. The cause is what happened in the first database that was not committed.
 */
public final class PartialCommitException extends SQLNonTransientException {

  private static final long serialVersionUID = 1L;

  /** SQLSTATE "invalid transaction state": of no class that invites to try again. */
  private static final String INVALID_STATE = "25000";

  private final ArrayList<TransactionOutcome> outcomes;

  PartialCommitException(TenantId tenant, List<TransactionOutcome> outcomes, Throwable cause) {
    super(
        "the work of tenant \"%s\" was stored only in part, put it right by hand: %s; %s"
            .formatted(
                tenant,
                outcomes.stream()
                    .map(TransactionOutcome::toString)
                    .collect(Collectors.joining(", ")),
                cause.getMessage()),
        INVALID_STATE,
        cause);
    this.outcomes = new ArrayList<>(outcomes);
  }

  /** Returns how each transaction that had to be committed has ended, in the order of commits. */
  public List<TransactionOutcome> outcomes() {
    return List.copyOf(outcomes);
  }
}
