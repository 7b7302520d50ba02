package dev.headgate.containers.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.containers.laboratory.EmbeddedContainer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What clients have heard of random requests is what is stored, whatever fails. The seed of a run
 * that found something is in the message, and {@code -Dheadgate.seed=…} makes the same requests.
 */
@Tag("long")
public abstract class HistoryContract {

  private static final int STRESS = 100_000;
  private static final int MANY = 10_000;
  private static final int FEW = 500;

  @TempDir private Path folder;

  protected abstract EmbeddedContainer container();

  /** Returns whether this is the container that makes many requests when the others make few. */
  protected abstract boolean isTheQuickest();

  @Test
  void whatTheClientHasHeardIsTrue() throws Exception {
    long seed = seed();
    int usual = isTheQuickest() ? MANY : FEW;
    int count = Boolean.getBoolean("headgate.stress") ? STRESS : usual;
    run(seed, Integer.getInteger("headgate.requests", count), true);
  }

  /** If answers went out before COMMIT, it would be noticed. */
  @Test
  void answersThatAreNotHeld_areFound() throws Exception {
    run(seed(), FEW, false);
  }

  private static long seed() {
    return Long.getLong("headgate.seed", new SplittableRandom().nextLong());
  }

  private void run(long seed, int count, boolean holding) throws Exception {
    Path webapp = folder.resolve("webapp");
    Files.createDirectories(webapp.resolve("WEB-INF"));
    Files.writeString(webapp.resolve("WEB-INF/web.xml"), Application.WEB_XML);
    String again = "-Dheadgate.seed=%d -Dheadgate.requests=%d".formatted(seed, count);
    try (var log = new KeptLog()) {
      Findings findings;
      try {
        findings = new History(container(), webapp, seed, count, holding).run();
      } catch (Throwable e) {
        throw new AssertionError("with %s%n%s".formatted(again, log), e);
      }
      if (holding) {
        assertThat(findings.isEmpty()).as("with %s%n%s%n%s", again, findings, log).isTrue();
      } else {
        assertThat(findings.count(Rule.SUCCESS_IS_STORED)).as(again).isPositive();
        assertThat(findings.count(Rule.BYTES_ARE_STORED)).as(again).isPositive();
      }
    }
  }
}
