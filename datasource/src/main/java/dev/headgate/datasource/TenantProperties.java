package dev.headgate.datasource;

import dev.headgate.datasource.pool.Database;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/** Reads the databases of tenants from a properties file; {@link TenantDirectory} has the keys. */
final class TenantProperties {

  private TenantProperties() {}

  /**
   * Returns the directory of the tenants in a file.
   *
   * @throws IllegalArgumentException if an entry is unknown, malformed or missing
   * @throws IOException if it can't be read
   */
  static FixedDirectory read(Path file, Placeholders placeholders) throws IOException {
    Map<String, String> entries = PropertiesFile.read(file);
    try {
      return new FixedDirectory(databases(entries, new DatabaseTexts(placeholders)));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("%s: %s".formatted(file, e.getMessage()), e);
    }
  }

  private static Map<String, Database> databases(Map<String, String> entries, DatabaseTexts texts) {
    Map<String, Map<String, String>> byTenant = new TreeMap<>();
    entries.forEach(
        (key, value) -> {
          int dot = key.indexOf('.');
          if (dot <= 0) {
            throw new IllegalArgumentException(
                key + ": a key is TENANT.url, TENANT.user and so on");
          }
          byTenant
              .computeIfAbsent(key.substring(0, dot), tenant -> new TreeMap<>())
              .put(key.substring(dot + 1), value);
        });
    Map<String, Database> databases = new HashMap<>();
    byTenant.forEach(
        (tenant, values) -> {
          TenantId unused = Texts.keyed(tenant, () -> TenantId.of(tenant));
          databases.put(tenant, texts.read(tenant + ".", values));
        });
    return databases;
  }
}
