package dev.headgate.benchmarks.schema;

import dev.headgate.datasource.RoutingDataSource;
import dev.headgate.datasource.TenantDirectory;
import dev.headgate.datasource.pool.Database;
import dev.headgate.datasource.pool.PoolSettings;
import dev.headgate.faults.FaultProxy;
import dev.headgate.faults.Protocol;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How many more round trips a request needs in a pool that tenants share than in a pool of its own.
 *
 * @param withSwitch if the connection has served another one before
 * @param same if it has served the same one
 */
record RoundTrips(long withSwitch, long same) {

  private static final Pattern PORT = Pattern.compile(":(\\d+)/");

  /** A pool looks whether a connection lives that has lain idle; a busy machine may see it. */
  private static final int TRIES = 10;

  /**
   * Counts them on the way to a server.
   *
   * @param url of the server
   * @param tenants leads to the schema or catalog of a tenant
   * @param ownUrl of the same server, leads to that of tenant 0 for good
   * @param own what else that needs
   */
  static RoundTrips count(
      Protocol protocol,
      String url,
      UnaryOperator<Database.Builder> tenants,
      String ownUrl,
      UnaryOperator<Database.Builder> own)
      throws SQLException {
    Matcher port = PORT.matcher(url);
    if (!port.find()) {
      throw new IllegalArgumentException("no port in " + url);
    }
    try (FaultProxy proxy = FaultProxy.to("localhost", Integer.parseInt(port.group(1)), protocol)) {
      // What a driver sends in one go arrives before the first answer then.
      proxy.latency(Duration.ofMillis(1));
      String host = port.group();
      String proxied = ":" + proxy.port() + "/";
      Database alone = own.apply(Database.builder(ownUrl.replace(host, proxied))).build();
      try (RoutingDataSource shared =
              dataSource(TenantDirectory.template(url.replace(host, proxied), tenants));
          RoutingDataSource apart = dataSource(tenant -> Optional.of(alone))) {
        long ever = least(apart, proxy, 0);
        return new RoundTrips(least(shared, proxy, 1, 0) - ever, least(shared, proxy, 0) - ever);
      }
    }
  }

  /** Returns one with a single connection, which all that comes has to take. */
  static RoutingDataSource dataSource(TenantDirectory directory) {
    return RoutingDataSource.builder(directory)
        .pool(PoolSettings.defaults().withMaximumSize(1))
        .build();
  }

  /** Returns what the request of the last of these tenants needs, after the others'. */
  private static long least(RoutingDataSource dataSource, FaultProxy proxy, int... tenants)
      throws SQLException {
    Requests requests = new Requests(dataSource);
    long least = Long.MAX_VALUE;
    for (int i = 0; i < TRIES; i++) {
      long last = 0;
      for (int tenant : tenants) {
        long before = proxy.roundTrips();
        requests.one(tenant);
        last = proxy.roundTrips() - before;
      }
      least = Math.min(least, last);
    }
    return least;
  }
}
