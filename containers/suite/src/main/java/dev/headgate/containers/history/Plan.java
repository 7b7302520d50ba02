package dev.headgate.containers.history;

import java.util.List;

/**
 * What a request is to do.
 *
 * @param index which one of the run, from 0
 * @param tenant which one, from 0
 * @param careless whether failures of statements are swallowed
 * @param wrapped whether it becomes asynchronous with a request and a response of its own
 * @param old whether it is HTTP/1.0
 */
record Plan(
    int index,
    int tenant,
    Shape shape,
    List<Step> steps,
    Body body,
    Ending ending,
    Reading reading,
    boolean careless,
    boolean wrapped,
    boolean old) {

  /** Returns how large the body is if nothing fails. */
  int length() {
    return steps.size() * body.part();
  }
}
