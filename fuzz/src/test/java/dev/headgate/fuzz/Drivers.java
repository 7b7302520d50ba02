package dev.headgate.fuzz;

import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import org.h2.engine.ConnectionInfo;
import org.mariadb.jdbc.Configuration;
import org.mariadb.jdbc.HostAddress;
import org.postgresql.Driver;

/** What URLs mean to the drivers that are there, which know it best. */
public final class Drivers {

  /** What PostgreSQL's driver reads names from. */
  private static final Set<String> NAMES =
      Set.of("PGHOST", "PGDBNAME", "user", "currentSchema", "host", "database", "schema");

  private static final List<String> H2_SETTINGS =
      List.of(
          "INIT",
          "TRACE_LEVEL_FILE",
          "CIPHER",
          "MODE",
          "IFEXISTS",
          "AUTHREALM",
          "ACCESS_MODE_DATA");

  private Drivers() {}

  /**
   * Returns all that a driver reads from a URL but for names of hosts, databases, schemas and
   * users; empty if none takes the URL.
   */
  public static Map<String, String> apartFromNames(String url) {
    Map<String, String> read = new TreeMap<>();
    postgres(url)
        .ifPresent(
            all ->
                all.forEach(
                    (name, value) -> {
                      if (NAMES.stream().noneMatch(name::equalsIgnoreCase)) {
                        read.put(name, value);
                      }
                    }));
    mariaDb(url)
        .ifPresent(
            all -> {
              for (HostAddress address : all.addresses()) {
                read.merge("ports", ":" + address.port, String::concat);
              }
              read.put("further", new TreeMap<>(all.nonMappedOptions()).keySet().toString());
              read.put("initSql", String.valueOf(all.initSql()));
              read.put("socketFactory", String.valueOf(all.socketFactory()));
              read.put("localSocket", String.valueOf(all.localSocket()));
              read.put("serverSslCert", String.valueOf(all.serverSslCert()));
              read.put("keyStore", String.valueOf(all.keyStore()));
              read.put("credentialType", String.valueOf(all.credentialType()));
              read.put("sessionVariables", String.valueOf(all.sessionVariables()));
            });
    h2(url)
        .ifPresent(
            all -> {
              read.put("remote", all.isRemote() + " " + all.isPersistent());
              for (String setting : H2_SETTINGS) {
                read.put(setting, String.valueOf(all.getProperty(setting, null)));
              }
            });
    return read;
  }

  /** Returns the hosts and ports that a driver would connect to, if it takes the URL. */
  public static Optional<String> server(String url) {
    Optional<Map<String, String>> postgres = postgres(url);
    if (postgres.isPresent()) {
      String[] hosts = postgres.get().getOrDefault("PGHOST", "localhost").split(",", -1);
      String[] ports = postgres.get().getOrDefault("PGPORT", "5432").split(",", -1);
      StringBuilder all = new StringBuilder();
      for (int i = 0; i < hosts.length; i++) {
        all.append(i == 0 ? "" : ",")
            .append(hosts[i].isEmpty() ? "localhost" : hosts[i])
            .append(':')
            .append(ports[i]);
      }
      return Optional.of(all.toString().toLowerCase(Locale.ROOT));
    }
    return mariaDb(url)
        .filter(all -> !all.addresses().isEmpty())
        .map(
            all ->
                String.join(
                        ",",
                        all.addresses().stream().map(each -> each.host + ":" + each.port).toList())
                    .toLowerCase(Locale.ROOT));
  }

  /** Returns whether a driver finds a password in a URL. */
  public static boolean findPassword(String url) {
    return postgres(url).map(all -> all.get("password")).filter(p -> !p.isEmpty()).isPresent()
        || mariaDb(url).map(Configuration::password).filter(p -> !p.isEmpty()).isPresent();
  }

  /** Returns the properties that PostgreSQL's driver reads from a URL, if it takes it. */
  public static Optional<Map<String, String>> postgres(String url) {
    if (!url.startsWith("jdbc:postgresql:")) {
      return Optional.empty();
    }
    Properties properties = Driver.parseURL(url, null);
    if (properties == null) {
      return Optional.empty();
    }
    Map<String, String> all = new TreeMap<>();
    properties
        .stringPropertyNames()
        .forEach(name -> all.put(name, Objects.requireNonNull(properties.getProperty(name))));
    return Optional.of(all);
  }

  private static Optional<Configuration> mariaDb(String url) {
    // It looks for the end of what is never closed, for ever.
    boolean closed = !url.replaceAll("\\([^()]*\\)", "").matches(".*[()].*");
    if (!url.startsWith("jdbc:mariadb:") || !closed) {
      return Optional.empty();
    }
    try {
      return Optional.ofNullable(Configuration.parse(url));
    } catch (SQLException | RuntimeException e) {
      // It fails in many ways, at the URLs that it doesn't take.
      return Optional.empty();
    }
  }

  private static Optional<ConnectionInfo> h2(String url) {
    if (!url.startsWith("jdbc:h2:")) {
      return Optional.empty();
    }
    try {
      return Optional.of(new ConnectionInfo(url, null, null, null));
    } catch (RuntimeException e) {
      return Optional.empty();
    }
  }
}
