package dev.headgate.datasource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headgate.datasource.pool.Database;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PropertiesDirectoryTest {

  private static final TenantId ACME = TenantId.of("acme");
  private static final TenantId GLOBEX = TenantId.of("globex");

  @TempDir Path folder;

  private final AtomicLong nanos = new AtomicLong();
  private final Map<String, String> environment = new ConcurrentHashMap<>();
  private Path file;
  private int writes;

  @BeforeEach
  void file() {
    file = folder.resolve("tenants.properties");
  }

  /** Writes the file, with a time of its own: the clock of the file system may be coarse. */
  private void write(String... lines) throws IOException {
    Files.writeString(file, String.join("\n", lines));
    touch(file);
  }

  private void touch(Path path) throws IOException {
    Files.setLastModifiedTime(path, FileTime.fromMillis(1_700_000_000_000L + 1000L * ++writes));
  }

  private PropertiesDirectory directory() throws IOException {
    return new PropertiesDirectory(file, () -> new Placeholders(environment::get), nanos::get);
  }

  private void pass(Duration duration) {
    nanos.addAndGet(duration.toNanos());
  }

  /** Asks, a second later and another one. */
  private static Optional<Database> settled(PropertiesDirectoryTest test, PropertiesDirectory in) {
    for (int i = 0; i < 2; i++) {
      test.pass(Duration.ofSeconds(1));
      in.find(ACME);
    }
    return in.find(ACME);
  }

  @Test
  void aChange_isSeen() throws IOException {
    write("acme.url = jdbc:h2:mem:a");
    PropertiesDirectory directory = directory();
    write("acme.url = jdbc:h2:mem:b", "globex.url = jdbc:h2:mem:g");
    assertThat(settled(this, directory)).contains(Database.of("jdbc:h2:mem:b"));
    assertThat(directory.find(GLOBEX)).contains(Database.of("jdbc:h2:mem:g"));
  }

  @Test
  void aFileThatIsReplaced_isSeen() throws IOException {
    write("acme.url = jdbc:h2:mem:a");
    PropertiesDirectory directory = directory();
    Path other = Files.writeString(folder.resolve("new"), "acme.url = jdbc:h2:mem:b");
    Files.setLastModifiedTime(other, Files.getLastModifiedTime(file));
    Files.move(other, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    assertThat(settled(this, directory)).contains(Database.of("jdbc:h2:mem:b"));
  }

  @Test
  void whileTheFileIsWritten_theTenantsStay() throws IOException {
    write("acme.url = jdbc:h2:mem:a");
    PropertiesDirectory directory = directory();
    for (int i = 0; i < 5; i++) {
      // Half of it, and each second a little more.
      write("# " + "x".repeat(i));
      pass(Duration.ofSeconds(1));
      assertThat(directory.find(ACME)).contains(Database.of("jdbc:h2:mem:a"));
    }
    write("acme.url = jdbc:h2:mem:b");
    assertThat(settled(this, directory)).contains(Database.of("jdbc:h2:mem:b"));
  }

  @Test
  void whatIsWrittenWhileItIsRead_isNotTaken() throws IOException {
    write("acme.url = jdbc:h2:mem:a");
    AtomicInteger readings = new AtomicInteger();
    PropertiesDirectory directory =
        new PropertiesDirectory(
            file,
            () -> {
              if (readings.incrementAndGet() == 2) {
                try {
                  write("# half of it");
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              }
              return new Placeholders(environment::get);
            },
            nanos::get);
    write("acme.url = jdbc:h2:mem:b");
    assertThat(settled(this, directory)).contains(Database.of("jdbc:h2:mem:a"));
    assertThat(readings).hasValue(2);
    write("acme.url = jdbc:h2:mem:c");
    assertThat(settled(this, directory)).contains(Database.of("jdbc:h2:mem:c"));
  }

  @Test
  void aFileThatCantBeUsed_changesNothing_untilItIsPutRight() throws IOException {
    write("acme.url = jdbc:h2:mem:a");
    PropertiesDirectory directory = directory();
    write("acme.url = nonsense");
    assertThat(settled(this, directory)).contains(Database.of("jdbc:h2:mem:a"));
    write("acme.url = jdbc:h2:mem:b");
    assertThat(settled(this, directory)).contains(Database.of("jdbc:h2:mem:b"));
  }

  @Test
  void aFileThatWasEmptied_changesNothing() throws IOException {
    write("acme.url = jdbc:h2:mem:a");
    PropertiesDirectory directory = directory();
    write("");
    assertThat(settled(this, directory)).contains(Database.of("jdbc:h2:mem:a"));
  }

  @Test
  void aFileThatIsGone_changesNothing_untilItIsBack() throws IOException {
    write("acme.url = jdbc:h2:mem:a");
    PropertiesDirectory directory = directory();
    Files.delete(file);
    assertThat(settled(this, directory)).contains(Database.of("jdbc:h2:mem:a"));
    write("acme.url = jdbc:h2:mem:b");
    assertThat(settled(this, directory)).contains(Database.of("jdbc:h2:mem:b"));
  }

  @Test
  void aSecretInAFile_isSeenWhenItChanges() throws IOException {
    Path secret = Files.writeString(folder.resolve("secret"), "one\n");
    touch(secret);
    write("acme.url = jdbc:h2:mem:a", "acme.password = ${file:" + secret + "}");
    PropertiesDirectory directory = directory();
    assertThat(directory.find(ACME)).contains(withPassword("one"));
    Files.writeString(secret, "two\n");
    touch(secret);
    assertThat(settled(this, directory)).contains(withPassword("two"));
    // Twice: the files to look at are those of the last reading.
    Files.writeString(secret, "three\n");
    touch(secret);
    assertThat(settled(this, directory)).contains(withPassword("three"));
  }

  private static Database withPassword(String password) {
    return Database.builder("jdbc:h2:mem:a").password(password).build();
  }

  @Test
  void aVariable_isReadWithTheFile() throws IOException {
    environment.put("DB_PASSWORD", "one");
    write("acme.url = jdbc:h2:mem:a", "acme.password = ${env:DB_PASSWORD}");
    assertThat(directory().find(ACME)).contains(withPassword("one"));
  }

  @Test
  void whatIsMissing_stopsTheStart_andIsNamed() throws IOException {
    write("acme.url = jdbc:h2:mem:a", "acme.password = canary${env:DB_PASSWORD}");
    assertThatThrownBy(this::directory)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(
            "tenants.properties: acme.password: the environment variable DB_PASSWORD is not set")
        .hasMessageNotContaining("canary");
  }

  @Test
  void theFileIsLookedAt_onceASecondAtMost() throws IOException {
    write("acme.url = jdbc:h2:mem:a");
    PropertiesDirectory directory = directory();
    write("acme.url = jdbc:h2:mem:b");
    pass(Duration.ofMillis(999));
    directory.find(ACME);
    // Had that been a look, this one would be the second, and the file be read.
    pass(Duration.ofMillis(1));
    directory.find(ACME);
    assertThat(directory.find(ACME)).contains(Database.of("jdbc:h2:mem:a"));
    pass(Duration.ofSeconds(1));
    assertThat(directory.find(ACME)).contains(Database.of("jdbc:h2:mem:b"));
  }
}
