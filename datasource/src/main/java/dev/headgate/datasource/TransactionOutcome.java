package dev.headgate.datasource;

import java.io.Serializable;

/**
 * How one physical transaction of a unit of work ended.
 *
 * @param bind the name of the bind in whose database it was; empty for the tenant's own database
 * @param outcome how it ended; never {@link Outcome#PARTLY}
 */
public record TransactionOutcome(String bind, Outcome outcome) implements Serializable {

  /** Returns a text for messages, such as {@code bind "audit": COMMITTED}. */
  @Override
  public String toString() {
    return Route.describe(bind) + ": " + outcome;
  }
}
