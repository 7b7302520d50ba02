package dev.headgate.datasource;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class SparseLogTest {

  private final AtomicLong nanos = new AtomicLong();

  @Test
  void aFlood_isALineASecond_withTheNumberOfThoseLeftOut() {
    try (CapturedLog log = CapturedLog.of(SparseLogTest.class)) {
      SparseLog sparse = new SparseLog(LoggerFactory.getLogger(SparseLogTest.class), nanos::get);
      for (int i = 0; i < 3000; i++) {
        sparse.warn("trouble " + i);
        nanos.addAndGet(Duration.ofMillis(1).toNanos());
      }
      assertThat(log.text().lines().map(line -> line.replaceAll(".* - ", "")))
          .containsExactly(
              "trouble 0",
              "trouble 1000 (and 999 times since the last line)",
              "trouble 2000 (and 999 times since the last line)");
    }
  }

  @Test
  void whatOthersHaveWritten_makesNoLineOfItsOwn() {
    String hostile = "down\r\nERROR forged\u2028\u202Eline\u0085\u001B[2J";
    TenantDirectoryException failure =
        new TenantDirectoryException(TenantId.of("acme"), new IllegalStateException(hostile));
    assertThat(failure.getMessage())
        .isEqualTo(
            "the directory failed to look up tenant \"acme\": java.lang.IllegalStateException: down ERROR forged line [2J");
  }
}
