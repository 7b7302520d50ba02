package dev.headgate.filter;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Level;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class SparseLogTest {

  private final AtomicLong nanos = new AtomicLong();

  @Test
  void aFlood_isAStackTraceASecond_withTheNumberOfThoseLeftOut_andALineEachAtDebug() {
    try (KeptLogs logs = new KeptLogs()) {
      SparseLog sparse = new SparseLog(LoggerFactory.getLogger(SparseLogTest.class), nanos::get);
      for (int i = 0; i < 3000; i++) {
        sparse.warn(new IllegalStateException("trouble\nwith " + i));
        nanos.addAndGet(Duration.ofMillis(1).toNanos());
      }
      assertThat(logs.lines(Level.WARNING))
          .containsExactly(
              "The request can't be served",
              "The request can't be served, nor could 999 before it",
              "The request can't be served, nor could 999 before it");
      assertThat(logs.lines(Level.ALL))
          .hasSize(3000)
          .contains("The request can't be served: java.lang.IllegalStateException: trouble?with 7");
    }
  }
}
