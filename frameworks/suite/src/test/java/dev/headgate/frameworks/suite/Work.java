package dev.headgate.frameworks.suite;

/** What is done in a request, or in a job. */
@FunctionalInterface
interface Work {
  void run() throws Exception;
}
