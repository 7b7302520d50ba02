package dev.headgate.datasource;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.headgate.datasource.pool.Database;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tenants of a properties file, which is read again when it has changed, or a file that it
 * refers to. A request looks at the files at most once a second, and reads them when they are the
 * same as a second ago: what is being written is not read by halves. A file that can't be used
 * changes nothing, is reported, and is tried again at growing intervals.
 */
final class PropertiesDirectory implements InMemoryDirectory {

  private static final Logger log = LoggerFactory.getLogger(PropertiesDirectory.class);
  static final long INTERVAL = Duration.ofSeconds(1).toNanos();
  static final long LONGEST_UNTIL_NEXT_TRY = Duration.ofMinutes(1).toNanos();

  private final Path file;
  private final Supplier<Placeholders> placeholders;
  private final Ticker ticker;

  private volatile FixedDirectory tenants;
  private volatile long nextLook;

  /** Guards what follows. */
  private final ReentrantLock looking = new ReentrantLock();

  /** The files as they were when they were last read, or refused. */
  private Map<Path, FileStamp> seen;

  /** The files as they were at the last look, if they had changed. */
  private @Nullable Map<Path, FileStamp> changed;

  /** Whether the last reading failed, perhaps for the moment only: then it is tried again. */
  private boolean refused;

  private long nextTry;
  private long untilNextTry = INTERVAL;

  PropertiesDirectory(Path file, Supplier<Placeholders> placeholders, Ticker ticker)
      throws IOException {
    this.file = file;
    this.placeholders = placeholders;
    this.ticker = ticker;
    // Stamped before the reading, lest a change be missed.
    seen = FileStamp.of(Set.of(file));
    Placeholders used = placeholders.get();
    tenants = TenantProperties.read(file, used);
    watch(used.files(), seen);
    nextLook = ticker.read() + INTERVAL;
  }

  @Override
  public Optional<Database> find(TenantId tenant) {
    return tenants().find(tenant);
  }

  /** Returns the tenants as they are now: the same object until they have changed. */
  FixedDirectory tenants() {
    if (ticker.read() - nextLook >= 0 && looking.tryLock()) {
      try {
        look();
      } finally {
        looking.unlock();
      }
    }
    return tenants;
  }

  private void look() {
    long now = ticker.read();
    if (now - nextLook < 0) {
      // Another thread has looked since this one saw that it was time.
      return;
    }
    nextLook = now + INTERVAL;
    Map<Path, FileStamp> stamps = FileStamp.of(seen.keySet());
    if (stamps.equals(seen)) {
      changed = null;
      if (refused && now - nextTry >= 0) {
        readAgain(stamps);
      }
    } else if (stamps.equals(changed)) {
      untilNextTry = INTERVAL;
      readAgain(stamps);
    } else {
      changed = stamps;
    }
  }

  private void readAgain(Map<Path, FileStamp> stamps) {
    Set<Path> asked = Set.of();
    FixedDirectory read = null;
    Exception failure = null;
    try {
      Placeholders used = placeholders.get();
      asked = used.files();
      read = notEmpty(TenantProperties.read(file, used));
    } catch (IOException | RuntimeException e) {
      failure = e;
    }
    if (!FileStamp.of(stamps.keySet()).equals(stamps)) {
      // Written to while it was read, perhaps by halves: the next looks see.
      return;
    }
    changed = null;
    watch(asked, stamps);
    refused = read == null;
    if (read == null) {
      untilNextTry = Math.min(2 * untilNextTry, LONGEST_UNTIL_NEXT_TRY);
      nextTry = ticker.read() + untilNextTry;
      log.error("{} has changed and can't be used; its tenants stay as they were", file, failure);
    } else {
      tenants = read;
      log.info("{} has changed and was read again", file);
    }
  }

  /** A file that had tenants and has none was emptied by mistake, or by a disk that is full. */
  private FixedDirectory notEmpty(FixedDirectory read) {
    if (read.isEmpty() && !tenants.isEmpty()) {
      throw new IllegalArgumentException(file + ": there is no tenant in it any more");
    }
    return read;
  }

  /**
   * From now on looks at this file and those that it refers to, as they were before the reading.
   */
  private void watch(Set<Path> referred, Map<Path, FileStamp> before) {
    Map<Path, FileStamp> stamps = FileStamp.of(referred);
    stamps.putAll(FileStamp.of(Set.of(file)));
    before.forEach(stamps::replace);
    seen = stamps;
  }

  @Override
  public String toString() {
    return "the tenants in " + file;
  }
}
