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
 * changes nothing, and is reported.
 */
final class PropertiesDirectory implements InMemoryDirectory {

  private static final Logger log = LoggerFactory.getLogger(PropertiesDirectory.class);
  private static final long INTERVAL = Duration.ofSeconds(1).toNanos();

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

  PropertiesDirectory(Path file, Supplier<Placeholders> placeholders, Ticker ticker)
      throws IOException {
    this.file = file;
    this.placeholders = placeholders;
    this.ticker = ticker;
    // Stamped before the reading, lest a change be missed.
    seen = FileStamp.of(Set.of(file));
    TenantProperties read = TenantProperties.read(file, placeholders.get());
    tenants = read.tenants();
    use(read);
    nextLook = ticker.read() + INTERVAL;
  }

  @Override
  public Optional<Database> find(TenantId tenant) {
    if (ticker.read() - nextLook >= 0 && looking.tryLock()) {
      try {
        look();
      } finally {
        looking.unlock();
      }
    }
    return tenants.find(tenant);
  }

  private void look() {
    nextLook = ticker.read() + INTERVAL;
    Map<Path, FileStamp> now = FileStamp.of(seen.keySet());
    if (now.equals(seen)) {
      changed = null;
    } else if (now.equals(changed)) {
      readAgain(now);
    } else {
      changed = now;
    }
  }

  private void readAgain(Map<Path, FileStamp> now) {
    TenantProperties read = null;
    Exception failure = null;
    try {
      read = TenantProperties.read(file, placeholders.get());
    } catch (IOException | RuntimeException e) {
      failure = e;
    }
    if (!FileStamp.of(now.keySet()).equals(now)) {
      // Written to while it was read, perhaps by halves: the next looks see.
      return;
    }
    changed = null;
    seen = now;
    if (read == null) {
      log.error("{} has changed and can't be used; its tenants stay as they were", file, failure);
    } else {
      use(read);
      log.info("{} has changed and was read again", file);
    }
  }

  private void use(TenantProperties read) {
    Map<Path, FileStamp> stamps = FileStamp.of(read.files());
    seen.forEach(stamps::replace);
    seen = stamps;
    tenants = read.tenants();
  }

  @Override
  public String toString() {
    return "the tenants in " + file;
  }
}
