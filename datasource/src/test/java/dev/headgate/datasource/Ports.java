package dev.headgate.datasource;

import dev.headgate.datasource.pool.Database;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The ports of databases' URLs. */
final class Ports {

  private static final Pattern PORT = Pattern.compile("//([^:/]+):(\\d+)/");

  private Ports() {}

  static int of(Database database) {
    Matcher port = PORT.matcher(database.url());
    if (!port.find()) {
      throw new IllegalArgumentException("no port in " + database.url());
    }
    return Integer.parseInt(port.group(2));
  }

  /** Returns a database by its URL, at another port, unless that is 0. */
  static Database.Builder replaced(Database database, int port) {
    String url = database.url();
    return Database.builder(
        port == 0 ? url : PORT.matcher(url).replaceFirst("//127.0.0.1:" + port + "/"));
  }
}
