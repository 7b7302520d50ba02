package dev.headgate.datasource;

/**
 * Work to be done in a unit of work.
 *
 * @param <T> what it returns
 * @param <X> the checked exception that it may throw
 */
@FunctionalInterface
public interface UnitCallback<T, X extends Exception> {

  /** Does the work; the unit of work is the current one meanwhile. */
  T run(UnitOfWork work) throws X;
}
