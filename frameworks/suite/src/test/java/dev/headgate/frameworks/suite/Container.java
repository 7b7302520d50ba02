package dev.headgate.frameworks.suite;

/** A servlet container on a free port of the loopback address. */
interface Container extends AutoCloseable {
  int port();
}
