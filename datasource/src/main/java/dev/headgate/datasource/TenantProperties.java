package dev.headgate.datasource;

import dev.headgate.datasource.pool.Database;
import dev.headgate.datasource.pool.PoolSettings;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads the databases of tenants from a properties file; {@link TenantDirectory} has the keys. */
final class TenantProperties {

  private static final String DRIVER_PROPERTY = "property.";
  private static final String POOL_SETTING = "pool.";

  private final Path file;

  private TenantProperties(Path file) {
    this.file = file;
  }

  /** Returns the databases by the tenant's name. */
  static Map<String, Database> read(Path file) throws IOException {
    Map<String, String> entries = new TreeMap<>();
    Properties properties =
        new Properties() {
          private static final long serialVersionUID = 1L;

          @Override
          public synchronized @Nullable Object put(Object key, Object value) {
            if (entries.putIfAbsent((String) key, (String) value) != null) {
              throw new IllegalArgumentException("%s: %s is there twice".formatted(file, key));
            }
            return null;
          }
        };
    try (Reader reader = Files.newBufferedReader(file)) {
      properties.load(reader);
    }
    return new TenantProperties(file).databases(entries);
  }

  private Map<String, Database> databases(Map<String, String> entries) {
    Map<String, Map<String, String>> byTenant = new TreeMap<>();
    entries.forEach(
        (key, value) -> {
          int dot = key.indexOf('.');
          if (dot <= 0) {
            throw refused(key, "a key is TENANT.url, TENANT.user and so on");
          }
          byTenant
              .computeIfAbsent(key.substring(0, dot), tenant -> new TreeMap<>())
              .put(key.substring(dot + 1), value);
        });
    Map<String, Database> databases = new HashMap<>();
    byTenant.forEach((tenant, values) -> databases.put(tenant, database(tenant, values)));
    return databases;
  }

  private Database database(String tenant, Map<String, String> values) {
    try {
      TenantId.of(tenant);
    } catch (InvalidTenantIdException e) {
      throw refused(tenant, String.valueOf(e.getMessage()));
    }
    String url = values.get("url");
    if (url == null) {
      throw refused(tenant + ".url", "is missing");
    }
    String key = tenant + ".url";
    Map<String, String> pool = new TreeMap<>();
    try {
      Database.Builder builder = Database.builder(url);
      for (Map.Entry<String, String> entry : values.entrySet()) {
        String name = entry.getKey();
        String value = entry.getValue();
        key = tenant + "." + name;
        if (name.equals("user")) {
          builder.user(value);
        } else if (name.equals("password")) {
          builder.password(value);
        } else if (name.startsWith(DRIVER_PROPERTY)) {
          builder.property(name.substring(DRIVER_PROPERTY.length()), value);
        } else if (name.startsWith(POOL_SETTING)) {
          pool.put(name.substring(POOL_SETTING.length()), value);
        } else if (!name.equals("url")) {
          throw new IllegalArgumentException(
              "is unknown: there are url, user, password, property.* and pool.*");
        }
      }
      key = tenant + "." + POOL_SETTING + "*";
      return pool.isEmpty()
          ? builder.build()
          : builder.pool(PoolSettings.defaults().with(pool)).build();
    } catch (IllegalArgumentException e) {
      throw refused(key, String.valueOf(e.getMessage()));
    }
  }

  private IllegalArgumentException refused(String key, String why) {
    return new IllegalArgumentException("%s: %s: %s".formatted(file, key, why));
  }
}
