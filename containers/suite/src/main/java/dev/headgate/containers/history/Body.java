package dev.headgate.containers.history;

/** How the body of an answer is written: in parts of the same size, one after each step. */
enum Body {
  NONE(0),
  SMALL(20),
  WITH_LENGTH(20),
  /** Flushed, which must not send it. */
  FLUSHED(30),
  /** More than is held. */
  LARGE(3 * History.HELD / 4),
  LARGE_WITH_LENGTH(3 * History.HELD / 4),
  /** Server-sent events. */
  EVENTS(30),
  /** Streamed by the request attribute. */
  ATTRIBUTE(40),
  /** Streamed because the filter's builder names the request. */
  NAMED(50),
  /** More than the buffers of both ends take. */
  HUGE(1 << 20);

  private final int part;

  Body(int part) {
    this.part = part;
  }

  int part() {
    return part;
  }

  boolean hasLength() {
    return this == WITH_LENGTH || this == LARGE_WITH_LENGTH;
  }

  boolean isFlushed() {
    return this == FLUSHED || this == EVENTS || this == ATTRIBUTE || this == NAMED;
  }

  /** Returns whether work may be committed when a part is written. */
  boolean isStreamed() {
    return part >= History.HELD / 2 || (isFlushed() && this != FLUSHED);
  }
}
