package dev.headgate.benchmarks.http;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.headgate.benchmarks.harness.Exchange;
import dev.headgate.benchmarks.harness.JettyServer;
import dev.headgate.benchmarks.harness.Load;
import dev.headgate.benchmarks.harness.Postgres;
import dev.headgate.datasource.RoutingDataSource;
import dev.headgate.datasource.TenantDirectory;
import dev.headgate.datasource.pool.PoolSettings;
import dev.headgate.filter.TenantResolver;
import dev.headgate.filter.UnitOfWorkFilter;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** One of the two applications that are compared: a server and what its connections come from. */
final class Side implements Closeable {

  /** The host of the one tenant. */
  static final String HOST = "acme.localhost";

  private static final String TENANT = "acme";
  private static final String DOMAIN = "localhost";

  /** The same for both, and more than there are clients: nobody waits for a connection. */
  private static final int POOL_SIZE = 2 * Load.CLIENTS;

  /**
   * What came of a run.
   *
   * @param cpuMicros how long the server's threads had a processor for a request
   * @param bytes what the server's threads allocated for a request
   */
  record Run(double perSecond, double p99Micros, double cpuMicros, double bytes) {}

  private final JettyServer server;

  /** What the application has besides the server, which is closed before. */
  private final List<Closeable> others;

  private Side(JettyServer server, Closeable... others) {
    this.server = server;
    this.others = List.of(others);
  }

  static Side withFilter(Postgres postgres) throws Exception {
    // As the example has it: what is not said there is said for all tenants.
    Path tenants = Files.createTempFile("tenants", ".properties");
    Files.writeString(
        tenants,
        "%1$s.url = %2$s%n%1$s.user = %3$s%n".formatted(TENANT, postgres.url(), Postgres.USER));
    RoutingDataSource dataSource =
        RoutingDataSource.builder(TenantDirectory.properties(tenants))
            .pool(PoolSettings.defaults().withMaximumSize(POOL_SIZE))
            .build();
    UnitOfWorkFilter filter =
        UnitOfWorkFilter.builder(dataSource, TenantResolver.subdomainOf(DOMAIN)).build();
    NotesServlet servlet = new NotesServlet(new UnitOfWorkNotes(dataSource));
    JettyServer server =
        JettyServer.start(
            "with-filter",
            context -> {
              context.addFilter("unit-of-work", filter).addMappingForUrlPatterns(null, false, "/*");
              context.addServlet("notes", servlet).addMapping("/notes");
            });
    return new Side(server, dataSource::close, () -> Files.delete(tenants));
  }

  static Side handwritten(Postgres postgres) throws Exception {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(postgres.url());
    config.setUsername(Postgres.USER);
    config.setMaximumPoolSize(POOL_SIZE);
    config.setAutoCommit(false);
    HikariDataSource dataSource = new HikariDataSource(config);
    NotesServlet servlet = new NotesServlet(new HandwrittenNotes(dataSource));
    JettyServer server =
        JettyServer.start(
            "handwritten", context -> context.addServlet("notes", servlet).addMapping("/notes"));
    return new Side(server, dataSource);
  }

  int port() {
    return server.port();
  }

  /** Answers these requests in turn for a while. */
  Run run(List<Exchange> exchanges, Duration time) throws Exception {
    long bytesBefore = server.allocatedBytes();
    long cpuBefore = server.cpuNanos();
    Load.Seen seen = new Load(server.port(), exchanges).run(time);
    double requests = seen.requests();
    return new Run(
        seen.perSecond(),
        seen.p99Micros(),
        (server.cpuNanos() - cpuBefore) / requests / 1000,
        (server.allocatedBytes() - bytesBefore) / requests);
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (Closeable other : others) {
      other.close();
    }
  }
}
