package dev.headgate.datasource.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headgate.faults.StubDriver;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.SQLNonTransientException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DriversTest {

  private static final Database HIDDEN = Database.of("jdbc:hidden:acme");

  @TempDir Path directory;
  private final ClassLoader before = Thread.currentThread().getContextClassLoader();

  @AfterEach
  void restoreTheContext() {
    Thread.currentThread().setContextClassLoader(before);
  }

  private void enterWebapp(String... drivers) throws Exception {
    Thread.currentThread()
        .setContextClassLoader(new WebappClassLoader(directory, List.of(drivers)));
  }

  @Test
  void driverOnTheClassPath_isFound() throws SQLException {
    assertThat(drivers().forDatabase(Database.of("jdbc:stub:acme"))).isInstanceOf(StubDriver.class);
  }

  @Test
  void driverThatOnlyTheContextSees_isFound() throws Exception {
    enterWebapp(HiddenDriver.class.getName());
    Driver found = drivers().forDatabase(HIDDEN);
    assertThat(found.getClass().getClassLoader())
        .isSameAs(Thread.currentThread().getContextClassLoader());
  }

  @Test
  void driverThatCannotBeLinked_isNoReasonToDoWithoutTheOthers() throws Exception {
    enterWebapp(WebappClassLoader.BROKEN_DRIVER, HiddenDriver.class.getName());
    assertThat(drivers().forDatabase(HIDDEN).acceptsURL(HIDDEN.url())).isTrue();
  }

  @Test
  void driverThatIsMissing_isNoReasonToDoWithoutTheOthers() throws Exception {
    enterWebapp("not.There", HiddenDriver.class.getName());
    assertThat(drivers().forDatabase(HIDDEN).acceptsURL(HIDDEN.url())).isTrue();
  }

  @Test
  void noContextClassLoader_isNoReasonToDoWithoutDrivers() throws SQLException {
    Thread.currentThread().setContextClassLoader(null);
    assertThat(drivers().forDatabase(Database.of("jdbc:stub:acme"))).isInstanceOf(StubDriver.class);
  }

  @Test
  void noDriver_isNotTransient() {
    assertThatThrownBy(() -> drivers().forDatabase(HIDDEN))
        .isInstanceOf(DriverNotFoundException.class)
        .isInstanceOf(SQLNonTransientException.class);
  }

  @Test
  void noDriver_messageSaysWhatToDoAndNoSecret() {
    Database database = Database.of("jdbc:hidden:acme?key=canary");
    assertThatThrownBy(() -> drivers().forDatabase(database))
        .hasMessage(
            "no JDBC driver accepts jdbc:hidden:acme: add the driver's jar to the class path");
  }

  @Test
  void noDriver_isToldToEachBorrower() throws SQLException {
    try (PoolRegistry registry = PoolRegistry.builder().build();
        Lease lease = registry.lease(HIDDEN)) {
      assertThatThrownBy(lease::getConnection).isInstanceOf(DriverNotFoundException.class);
      assertThatThrownBy(lease::getConnection).isInstanceOf(DriverNotFoundException.class);
    }
  }

  @Test
  void driverThatDeclines_isNamed() {
    assertThatThrownBy(() -> Connecting.by(new StubDriver(), HIDDEN))
        .isInstanceOf(SQLException.class)
        .hasMessageContainingAll(StubDriver.class.getName(), "jdbc:hidden:acme");
  }

  @Test
  void driversThatWereRegisteredBefore_stayRegistered() throws SQLException {
    List<Driver> before = DriverManager.drivers().toList();
    drivers().close();
    assertThat(DriverManager.drivers()).containsExactlyElementsOf(before);
    assertThat(DriverManager.getDriver("jdbc:stub:acme")).isInstanceOf(StubDriver.class);
  }

  /** Registers itself when it is loaded, as drivers do. */
  public static final class LateDriver extends org.h2.Driver {
    static {
      try {
        DriverManager.registerDriver(new LateDriver());
      } catch (SQLException e) {
        throw new ExceptionInInitializerError(e);
      }
    }
  }

  @Test
  void driverThatWasRegisteredByBeingLoadedHere_isTakenOutAtTheEnd() throws Exception {
    Path services = Files.createDirectories(directory.resolve("META-INF/services"));
    Files.writeString(services.resolve("java.sql.Driver"), LateDriver.class.getName());
    try (URLClassLoader loader = new URLClassLoader(new URL[] {directory.toUri().toURL()})) {
      PoolRegistry registry = registryOf(loader);
      try (Lease lease = registry.lease(Database.of("jdbc:h2:mem:"))) {
        lease.getConnection().close();
      }
      assertThat(DriverManager.drivers()).hasAtLeastOneElementOfType(LateDriver.class);
      registry.close();
      assertThat(DriverManager.drivers()).doesNotHaveAnyElementsOfTypes(LateDriver.class);
    }
  }

  private static PoolRegistry registryOf(ClassLoader application) {
    Thread.currentThread().setContextClassLoader(application);
    return PoolRegistry.builder().build();
  }

  private static Drivers drivers() {
    return new Drivers(Thread.currentThread().getContextClassLoader());
  }
}
