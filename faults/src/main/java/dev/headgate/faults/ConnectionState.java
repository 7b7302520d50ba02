package dev.headgate.faults;

/**
 * What an open physical connection looked like at one instant.
 *
 * @param number which connection of its database it is, from 1 in the order they were made
 * @param inTransaction whether a transaction has begun and has not ended. It begins with the first
 *     statement or savepoint, not with {@code setAutoCommit(false)}
 * @param broken whether a fault broke it; its transaction is then rolled back
 * @param closeCalled whether the client called {@code close()} or {@code abort()} on it and a fault
 *     kept that from taking effect: the client has done its part
 * @param settings what the client has set on it
 */
public record ConnectionState(
    int number, boolean inTransaction, boolean broken, boolean closeCalled, Settings settings) {}
