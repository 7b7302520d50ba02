package dev.headgate.datasource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headgate.datasource.pool.Database;
import dev.headgate.datasource.pool.PoolConflictException;
import dev.headgate.datasource.pool.PoolSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Directories and pools in the middle of a change. */
class DirectoryCornerCasesTest {

  private static final TenantId ACME = TenantId.of("acme");
  private static final TenantId GLOBEX = TenantId.of("globex");
  private static final Database OLD = Database.of("jdbc:h2:mem:old");
  private static final Database MOVED = Database.of("jdbc:h2:mem:moved");

  @TempDir Path folder;

  private final AtomicLong nanos = new AtomicLong();

  private void pass(Duration duration) {
    nanos.addAndGet(duration.toNanos());
  }

  private DirectoryCache cache(TenantDirectory directory) {
    return new DirectoryCache(directory, DirectorySettings.defaults(), nanos::get, from -> {});
  }

  @Test
  void aMissingFileThatIsReferredTo_isWaitedFor() throws IOException {
    Path file = folder.resolve("tenants.properties");
    Path secret = folder.resolve("secret");
    Files.writeString(file, "acme.url = jdbc:h2:mem:old");
    PropertiesDirectory directory =
        new PropertiesDirectory(file, () -> new Placeholders(name -> null), nanos::get);
    Files.writeString(
        file, "acme.url = jdbc:h2:mem:moved\nacme.password = ${file:%s}".formatted(secret));
    settle(directory);
    assertThat(directory.find(ACME)).as("the secret is missing").contains(OLD);
    Files.writeString(secret, "one");
    settle(directory);
    assertThat(directory.find(ACME).map(Database::url)).contains(MOVED.url());
  }

  private void settle(PropertiesDirectory directory) {
    for (int i = 0; i < 4; i++) {
      pass(Duration.ofSeconds(1));
      Optional<Database> unused = directory.find(ACME);
    }
  }

  @Test
  void aFileThatCouldNotBeReadForAMoment_isReadLater() throws IOException {
    Path file = folder.resolve("tenants.properties");
    Path secret = folder.resolve("secret");
    Files.writeString(secret, "one");
    String line = "acme.url = %s\nacme.password = ${file:%s}";
    Files.writeString(file, line.formatted(OLD.url(), secret));
    AtomicInteger opened = new AtomicInteger();
    PropertiesDirectory directory =
        new PropertiesDirectory(
            file,
            () -> {
              if (opened.incrementAndGet() == 2) {
                throw new IllegalStateException("too many open files, for once");
              }
              return new Placeholders(name -> null);
            },
            nanos::get);
    Files.writeString(file, line.formatted(MOVED.url(), secret));
    Files.setLastModifiedTime(file, FileTime.fromMillis(1_700_000_000_000L));
    settle(directory);
    settle(directory);
    assertThat(directory.find(ACME).map(Database::url)).contains(MOVED.url());
  }

  /** A directory whose answers can be held up. */
  private static final class Held implements TenantDirectory {

    private volatile Optional<Database> answer = Optional.empty();
    private volatile boolean holding;
    private volatile boolean failing;
    private final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch release = new CountDownLatch(1);

    @Override
    public Optional<Database> find(TenantId tenant) throws Exception {
      Optional<Database> found = answer;
      if (failing) {
        throw new IOException("directory is down");
      }
      if (holding) {
        holding = false;
        asked.countDown();
        release.await();
      }
      return found;
    }
  }

  @Test
  void aTenantThatWasUnknownMinutesAgo_isFoundByEachOfTwoRequests() throws Exception {
    Held directory = new Held();
    DirectoryCache cache = cache(directory);
    assertThatThrownBy(() -> cache.find(ACME)).isInstanceOf(UnknownTenantException.class);
    directory.answer = Optional.of(OLD); // the customer has signed up
    pass(Duration.ofMinutes(5));
    both(directory, cache, OLD);
  }

  @Test
  void aTenantThatHasMovedMinutesAgo_isFoundWhereItIsByEachOfTwoRequests() throws Exception {
    Held directory = new Held();
    directory.answer = Optional.of(OLD);
    DirectoryCache cache = cache(directory);
    assertThat(cache.find(ACME)).isEqualTo(OLD);
    directory.answer = Optional.of(MOVED);
    pass(Duration.ofMinutes(5)); // found-for is one minute
    both(directory, cache, MOVED);
  }

  private static void both(Held directory, DirectoryCache cache, Database expected)
      throws Exception {
    directory.holding = true;
    ExecutorService executor = Executors.newFixedThreadPool(2);
    try {
      Future<Database> first = executor.submit(() -> cache.find(ACME));
      directory.asked.await();
      Future<Database> second = executor.submit(() -> cache.find(ACME));
      // A directory that takes 200 ms to answer, and does not fail.
      assertThat(directory.release.await(200, TimeUnit.MILLISECONDS)).isFalse();
      directory.release.countDown();
      assertThat(first.get(10, TimeUnit.SECONDS)).isEqualTo(expected);
      assertThat(second.get(10, TimeUnit.SECONDS)).isEqualTo(expected);
    } finally {
      directory.release.countDown();
      executor.shutdownNow();
    }
  }

  @Test
  void aLateAnswer_isNotTakenForTheLastOne() throws Exception {
    Held directory = new Held();
    directory.answer = Optional.of(OLD);
    DirectoryCache cache = cache(directory);
    directory.holding = true;
    ExecutorService executor = Executors.newSingleThreadExecutor();
    try {
      Future<Database> late = executor.submit(() -> cache.find(ACME));
      directory.asked.await();
      directory.answer = Optional.of(MOVED);
      assertThat(cache.findAnew(ACME)).isEqualTo(MOVED);
      directory.release.countDown();
      late.get(10, TimeUnit.SECONDS);
      assertThat(cache.find(ACME)).isEqualTo(MOVED);
      directory.failing = true;
      pass(Duration.ofMinutes(2));
      assertThat(cache.find(ACME)).isEqualTo(MOVED);
    } finally {
      directory.release.countDown();
      executor.shutdownNow();
    }
  }

  private final String url = Tenants.newH2().url();
  private final Map<TenantId, Database> databases = new ConcurrentHashMap<>();

  private Database sized(int size) {
    return Database.builder(url).pool(PoolSettings.defaults().withMaximumSize(size)).build();
  }

  private static void use(RoutingDataSource dataSource, TenantId tenant) throws SQLException {
    try (UnitOfWork work = dataSource.beginIndependent(tenant, UnitOptions.defaults())) {
      dataSource.getConnection().close();
      work.commit();
    }
  }

  private static void useElsewhere(RoutingDataSource dataSource, TenantId tenant) throws Exception {
    ExecutorService executor = Executors.newSingleThreadExecutor();
    try {
      executor
          .submit(
              () -> {
                use(dataSource, tenant);
                return null;
              })
          .get(10, TimeUnit.SECONDS);
    } finally {
      executor.shutdownNow();
    }
  }

  @Test
  void aPoolThatWasReplaced_doesNotComeBackBesideItsSuccessor() throws Exception {
    try (RoutingDataSource dataSource =
        RoutingDataSource.builder(tenant -> Optional.ofNullable(databases.get(tenant))).build()) {
      databases.put(ACME, sized(3));
      try (UnitOfWork work = dataSource.begin(ACME)) {
        dataSource.getConnection().close();
        databases.put(ACME, sized(4));
        databases.put(GLOBEX, sized(4));
        useElsewhere(dataSource, GLOBEX);
        // Another tenant now gives the same database the settings of before.
        TenantId late = TenantId.of("late");
        databases.put(late, sized(3));
        assertThatThrownBy(() -> useElsewhere(dataSource, late))
            .hasCauseInstanceOf(PoolConflictException.class);
        work.commit();
      }
      List<Database> pools =
          dataSource.snapshot().pools().stream().map(pool -> pool.database()).toList();
      assertThat(pools).as("the old one closes with its last connection").hasSize(1);
    }
  }
}
