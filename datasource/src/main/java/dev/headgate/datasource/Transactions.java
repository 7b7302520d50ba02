package dev.headgate.datasource;

/** Who decides about the transactions on the connections of a {@link RoutingDataSource}. */
public enum Transactions {
  /**
   * The unit of work does: all its connections to a database are views of one transaction, which
   * ends with the unit. What a framework commits by itself is an inner transaction.
   */
  UNIT,
  /**
   * The application or its framework does: connections are plain pooled ones, each with its own
   * transactions and in auto-commit mode until it is changed. A unit of work says only whose data
   * they lead to, and gives back at its end those that were left open.
   */
  NONE
}
