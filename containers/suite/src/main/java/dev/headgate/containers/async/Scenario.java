package dev.headgate.containers.async;

import java.util.ArrayList;
import java.util.List;

/**
 * What happens to an asynchronous request, and in which order.
 *
 * @param acts what is asked of the context, one after the other
 * @param listener what the application's listener does when the request times out or fails
 * @param next what a dispatch does
 */
record Scenario(
    Start start,
    Runner runner,
    Moment moment,
    List<Act> acts,
    OnEnd listener,
    boolean throwing,
    Next next,
    boolean gone) {

  /** With which request and response it is started. */
  enum Start {
    PLAIN,
    WRAPPED
  }

  /** Who acts. */
  enum Runner {
    SERVLET,
    CONTAINER_THREAD,
    OWN_THREAD_WITH_THE_UNIT,
    OWN_THREAD,
    VIRTUAL_THREAD_WITH_THE_UNIT
  }

  /** When that one acts. */
  enum Moment {
    BEFORE_THE_SERVLET_RETURNS,
    AFTER_THE_SERVLET,
    AFTER_THE_TIMEOUT
  }

  /** What is asked. */
  enum Act {
    COMPLETE,
    DISPATCH,
    DISPATCH_TO_ANOTHER_PATH
  }

  /** What a listener does. */
  enum OnEnd {
    NOTHING,
    COMPLETE,
    DISPATCH,
    ANSWER
  }

  /** What the dispatched servlet does. */
  enum Next {
    FINISH,
    START_AGAIN,
    THROW
  }

  private static final List<List<Act>> ORDERS = orders();

  private static List<List<Act>> orders() {
    List<List<Act>> orders = new ArrayList<>();
    orders.add(List.of());
    for (Act first : Act.values()) {
      orders.add(List.of(first));
      for (Act second : Act.values()) {
        orders.add(List.of(first, second));
      }
    }
    return orders;
  }

  /** Returns every one that makes a difference. */
  static List<Scenario> all() {
    List<Scenario> all = new ArrayList<>();
    for (Start start : Start.values()) {
      for (Runner runner : Runner.values()) {
        for (Moment moment : Moment.values()) {
          for (List<Act> acts : ORDERS) {
            for (OnEnd listener : OnEnd.values()) {
              for (Next next : Next.values()) {
                for (boolean throwing : new boolean[] {false, true}) {
                  for (boolean gone : new boolean[] {false, true}) {
                    all.add(
                        new Scenario(start, runner, moment, acts, listener, throwing, next, gone));
                  }
                }
              }
            }
          }
        }
      }
    }
    all.removeIf(each -> !each.isPossible());
    return all;
  }

  private boolean isPossible() {
    if (runner == Runner.SERVLET && moment != Moment.BEFORE_THE_SERVLET_RETURNS) {
      return false;
    }
    if (runner == Runner.VIRTUAL_THREAD_WITH_THE_UNIT && VirtualThreads.MISSING) {
      return false;
    }
    boolean dispatched = acts.stream().anyMatch(act -> act != Act.COMPLETE);
    return dispatched || listener == OnEnd.DISPATCH || next == Next.FINISH;
  }

  /** Returns whether only the timeout can end it. */
  boolean timesOut() {
    return acts.isEmpty() || moment == Moment.AFTER_THE_TIMEOUT;
  }

  /** Returns whether it may end before anyone acts. */
  boolean mayEndEarly() {
    return timesOut() || throwing || gone;
  }

  /** Returns whether the application may complete what has failed, with what it wrote before. */
  boolean mayBeAnswered() {
    return listener != OnEnd.NOTHING || moment == Moment.AFTER_THE_TIMEOUT;
  }
}
