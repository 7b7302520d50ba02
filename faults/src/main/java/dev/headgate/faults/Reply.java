package dev.headgate.faults;

/**
 * One whole message of a server.
 *
 * @param bytes as the client is to get them
 * @param answer the number of the answer that it is a part of, from 1
 * @param last whether the answer ends with it
 */
@SuppressWarnings("ArrayRecordComponent") // Nobody compares messages.
record Reply(byte[] bytes, long answer, boolean last) {}
