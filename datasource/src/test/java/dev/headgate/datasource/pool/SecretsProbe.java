package dev.headgate.datasource.pool;

import dev.headgate.faults.StubDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

/**
 * Prints whatever Headgate says of databases whose descriptions have secrets in many places: in
 * exceptions, in logs of all levels, in toString(). Run by {@link SecretsTest}.
 */
final class SecretsProbe {

  static final String CANARY = "c4n4ry";

  private SecretsProbe() {}

  public static void main(String[] args) throws SQLException {
    PoolSettings settings = PoolSettings.defaults();
    List<Database> databases =
        List.of(
            // Refused by the driver with the URL in the message.
            Database.of("jdbc:stub:nowhere?user=u&passwordOld=" + CANARY),
            Database.of("jdbc:stub:u:%s@nowhere".formatted(CANARY)),
            Database.of("jdbc:stub:u/%s@//nowhere".formatted(CANARY)),
            Database.builder("jdbc:stub:nowhere").property("sslpassword", CANARY).build(),
            Database.builder("jdbc:h2:relative").user("u").password(CANARY).build(),
            Database.builder("jdbc:h2:tcp://127.0.0.1:1/x").user("u").password(CANARY).build(),
            Database.builder("jdbc:postgresql://u@127.0.0.1:1/x").password(CANARY).build(),
            // Not known to any driver.
            Database.builder("jdbc:postgresql://127.0.0.1:99999/x").password(CANARY).build(),
            Database.builder("jdbc:unknown://u@host/x").password(CANARY).build(),
            // Refused for other reasons.
            Database.builder("jdbc:postgresql://127.0.0.1:1/x").user("u").password(CANARY).build(),
            Database.builder("jdbc:h2:mem:x;IFEXISTS=TRUE").password(CANARY).build(),
            Database.builder("jdbc:stub:nowhere").property("trustStorePassword", CANARY).build());
    for (Database database : databases) {
      say(database);
      try (PoolRegistry registry = PoolRegistry.builder().settings(settings).build();
          Lease lease = registry.lease(database)) {
        say(lease);
        say(registry.snapshot());
        fail(lease::getConnection);
        fail(() -> registry.lease(conflicting(database)));
        say(registry.snapshot());
      }
    }
    useOneThatIsUp(settings.withBorrowTimeout(Duration.ofMillis(250)));
  }

  private static Database conflicting(Database database) {
    return database.login().withDefaults(PoolSettings.defaults().withMaximumSize(1));
  }

  private static void useOneThatIsUp(PoolSettings settings) throws SQLException {
    try (StubDatabase stub = StubDatabase.create("up?passwordOld=" + CANARY);
        PoolRegistry registry =
            PoolRegistry.builder()
                .settings(settings.withMaximumSize(1))
                .maximumPools(1)
                .closeTimeout(Duration.ofMillis(50))
                .build()) {
      Database database = Database.builder(stub.url()).password(CANARY).build();
      Lease lease = registry.lease(database);
      Connection connection = lease.getConnection();
      say(connection);
      fail(lease::getConnection);
      registry.lease(Database.of("jdbc:stub:other")).close();
      say(registry.snapshot());
      lease.discard(connection);
      lease.getConnection();
      registry.close();
      fail(lease::getConnection);
    }
  }

  private interface Call {
    Object make() throws SQLException;
  }

  private static void fail(Call call) {
    try {
      throw new AssertionError("should have failed, gave " + call.make());
    } catch (SQLException e) {
      e.printStackTrace();
      for (Throwable each : e) {
        say(each);
      }
    }
  }

  @SuppressWarnings("SystemOut")
  private static void say(Object object) {
    System.out.println(object);
  }
}
