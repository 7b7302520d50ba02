package dev.headgate.datasource;

import dev.headgate.datasource.pool.Database;
import dev.headgate.datasource.pool.PoolListener;
import dev.headgate.datasource.pool.PoolMeters;
import dev.headgate.datasource.pool.PoolSettings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import javax.management.JMException;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import javax.management.RuntimeMBeanException;

/**
 * Works on real servers with a good and a wrong password, and prints whatever can be seen of it.
 * Run by {@link ServerSecretsTest}, with every logger at its finest.
 */
final class ServerSecretsProbe {

  static final String CANARY = "c4n4ry";
  static final String GOOD = CANARY + "-g00d";
  private static final String WRONG = CANARY + "-wr0ng";

  private static final TenantId ACME = TenantId.of("acme");

  private ServerSecretsProbe() {}

  /**
   * Runs.
   *
   * @param args URLs, at each of which the user {@code app} has the good password
   */
  public static void main(String[] args) throws Exception {
    for (String url : args) {
      System.out.println("AT " + url);
      work(database(url, GOOD), database(url, GOOD));
      work(database(url, WRONG), database(url, WRONG));
      // The directory has the new password only when it is asked again.
      work(database(url, WRONG), database(url, GOOD));
      readFromFile(url);
      misuse(url);
    }
    ManagementFactory.getPlatformMBeanServer()
        .queryNames(null, null)
        .forEach(ServerSecretsProbe::sayAttributes);
  }

  private static void sayAttributes(ObjectName name) {
    MBeanServer server = ManagementFactory.getPlatformMBeanServer();
    try {
      for (MBeanAttributeInfo attribute : server.getMBeanInfo(name).getAttributes()) {
        sayAttribute(server, name, attribute.getName());
      }
    } catch (JMException e) {
      // It is gone.
      show(e);
    }
  }

  private static void sayAttribute(MBeanServer server, ObjectName name, String attribute)
      throws JMException {
    try {
      say(name + " " + attribute + " " + server.getAttribute(name, attribute));
    } catch (RuntimeMBeanException e) {
      // Not every JVM has all of them.
      show(e);
    }
  }

  private static Database database(String url, String password) {
    Database database =
        Database.builder(url).user("app").password(password).property("someSecret", GOOD).build();
    say(database);
    say(database.login());
    say(database.address());
    return database;
  }

  private static void work(Database first, Database later) {
    boolean[] asked = new boolean[1];
    PoolListener listener = ServerSecretsProbe::say;
    try (RoutingDataSource dataSource =
        RoutingDataSource.builder(
                tenant -> {
                  Database found = asked[0] ? later : first;
                  asked[0] = true;
                  return Optional.of(found);
                })
            .pool(
                PoolSettings.defaults()
                    .withMaximumSize(1)
                    .withBorrowTimeout(Duration.ofMillis(500)))
            .reportHeldAfter(Duration.ofMillis(1))
            .closeTimeout(Duration.ofMillis(100))
            .listener(listener)
            .build()) {
      say(dataSource);
      SimpleMeterRegistry meters = new SimpleMeterRegistry();
      try (UnitOfWork unit = dataSource.begin(ACME)) {
        say(unit);
        Connection connection = dataSource.getConnection();
        say(connection);
        say(connection.getMetaData().getURL());
        Statement statement = connection.createStatement();
        statement.execute("SELECT 1");
        say(statement);
        look(dataSource, meters);
        // Nothing is free for this one.
        fail(() -> dataSource.forTenant(ACME).getConnection());
        fail(() -> statement.execute("SELECT nothing FROM nowhere"));
        unit.commit();
      } catch (SQLException | RuntimeException e) {
        show(e);
      }
      look(dataSource, meters);
      dataSource.refresh(ACME);
      dataSource.evict(ACME);
    }
  }

  private static void look(RoutingDataSource dataSource, SimpleMeterRegistry meters) {
    say(dataSource.snapshot());
    try (PoolMeters bound = new PoolMeters(dataSource::snapshot)) {
      bound.bindTo(meters);
      meters.getMeters().forEach(meter -> say(meter.getId() + " " + meter.measure()));
    }
    Thread.getAllStackTraces().keySet().forEach(thread -> say(thread.getName()));
    say(ManagementFactory.getPlatformMBeanServer().queryNames(null, null));
  }

  private static void readFromFile(String url) throws Exception {
    Path file = Files.createTempFile("tenants", ".properties");
    for (String last : new String[] {"acme.nonsense = " + GOOD, "acme.user = twice", "b.url = x"}) {
      Files.writeString(
          file,
          "acme.url = %s\nacme.user = app\nacme.password = %s\n%s".formatted(url, GOOD, last));
      fail(() -> TenantDirectory.properties(file));
    }
    Files.writeString(file, "acme.url = %s\nacme.password = %s\n".formatted(url, GOOD));
    say(TenantDirectory.properties(file));
    fail(() -> TenantDirectory.of(Map.of("not a tenant", database(url, GOOD))));
    Files.delete(file);
  }

  private static void misuse(String url) {
    fail(() -> Database.of(url + "?password=" + GOOD));
    fail(() -> Database.of("jdbc:mysql://app:" + GOOD + "@host/app"));
    fail(() -> Database.builder(url).password(GOOD).property("password", GOOD));
    fail(() -> Database.builder(url).property("x", GOOD).property("x", GOOD));
    fail(
        () ->
            RoutingDataSource.of(
                Map.of("database.url", url + ";password=" + GOOD, "database.password", GOOD)));
    fail(
        () ->
            RoutingDataSource.of(
                Map.of("database.url", url, "database.password", GOOD, "pool.nonsense", "1")));
  }

  private interface Call {
    Object make() throws Exception;
  }

  private static void fail(Call call) {
    try {
      Object made = call.make();
      throw new AssertionError("should have failed, gave " + made);
    } catch (Exception e) {
      show(e);
    }
  }

  private static void show(Exception e) {
    e.printStackTrace(System.out);
  }

  @SuppressWarnings("SystemOut")
  private static void say(Object object) {
    System.out.println(object);
  }
}
