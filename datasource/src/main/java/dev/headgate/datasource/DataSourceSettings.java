package dev.headgate.datasource;

import static dev.headgate.datasource.Texts.keyed;

import dev.headgate.datasource.pool.AllowedDatabases;
import dev.headgate.datasource.pool.PoolListener;
import dev.headgate.datasource.pool.PoolSettings;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Builds a data source from texts; what is wrong with them is named by its key. */
final class DataSourceSettings {

  private static final String ALLOWED_URLS = "directory.allowed-urls";
  private static final String ALLOWED_PROPERTIES = "directory.allowed-properties";

  /** The keys, a star standing for the rest of one; docs/configuration.md has a table of them. */
  static final Set<String> KEYS =
      Set.of(
          "directory",
          "directory.maximum-tenants",
          "directory.found-for",
          "directory.unknown-for",
          "directory.stale-for",
          "directory.lookups",
          ALLOWED_URLS,
          ALLOWED_PROPERTIES,
          "database.url",
          "database.user",
          "database.password",
          "database.schema",
          "database.catalog",
          "database.server",
          "database.property.*",
          "bind.NAME.*",
          "transactions",
          "auto-commit",
          "pools.maximum",
          "pools.budget",
          "pools.patience",
          "pools.longest-retry-interval",
          "pools.idle-expiry",
          "pools.close-timeout",
          "pools.report-held-after",
          "pools.listener",
          "pool.maximum-size",
          "pool.waiting-per-connection",
          "pool.borrow-timeout",
          "pool.connect-timeout",
          "pool.socket-timeout",
          "pool.idle-timeout",
          "pool.maximum-lifetime",
          "pool.reset");

  static final String DIRECTORY = "directory";

  private static final String DIRECTORY_SETTING = "directory.";
  private static final String DATABASE = "database.";
  private static final String BIND = "bind.";
  private static final String POOL = "pool.";

  private final Map<String, String> settings;
  private final DatabaseTexts databases;

  DataSourceSettings(Map<String, String> settings) {
    Placeholders placeholders = Placeholders.ofSystem();
    this.settings = new TreeMap<>(settings);
    this.databases = new DatabaseTexts(placeholders);
  }

  RoutingDataSource build() {
    settings.forEach(DataSourceSettings::requireKnown);
    RoutingDataSource.Builder builder = builder();
    builder.directory(
        keyed(
            DIRECTORY_SETTING + "*",
            () -> {
              Map<String, String> remembered = below(DIRECTORY_SETTING);
              remembered.keySet().removeIf(key -> key.startsWith("allowed-"));
              return DirectorySettings.defaults().with(remembered);
            }));
    builder.pool(keyed(POOL + "*", () -> PoolSettings.defaults().with(below(POOL))));
    addBinds(builder);
    for (Map.Entry<String, String> entry : settings.entrySet()) {
      keyed(entry.getKey(), () -> add(builder, entry.getKey(), entry.getValue()));
    }
    try {
      return builder.build();
    } catch (IllegalStateException e) {
      throw new IllegalArgumentException("auto-commit: " + e.getMessage(), e);
    }
  }

  private static void requireKnown(String key, String value) {
    boolean known =
        KEYS.contains(key) || key.startsWith(DATABASE + "property.") || key.startsWith(BIND);
    if (!known) {
      throw new IllegalArgumentException(key + ": is unknown");
    }
    if (value.isBlank()) {
      throw new IllegalArgumentException(key + ": is empty");
    }
  }

  private static RoutingDataSource.Builder add(
      RoutingDataSource.Builder builder, String key, String value) {
    return switch (key) {
      case "transactions" ->
          builder.transactions(
              switch (value) {
                case "unit" -> Transactions.UNIT;
                case "none" -> Transactions.NONE;
                default ->
                    throw new IllegalArgumentException(
                        "%s: neither unit nor none".formatted(value));
              });
      case "auto-commit" -> builder.autoCommit(Texts.bool(value));
      case "pools.maximum" -> builder.maximumPools(Texts.number(value));
      case "pools.budget" -> builder.budget(Texts.number(value));
      case "pools.patience" -> builder.patience(Texts.duration(value));
      case "pools.longest-retry-interval" -> builder.longestRetryInterval(Texts.duration(value));
      case "pools.idle-expiry" -> builder.idleExpiry(Texts.duration(value));
      case "pools.close-timeout" -> builder.closeTimeout(Texts.duration(value));
      case "pools.report-held-after" -> builder.reportHeldAfter(Texts.duration(value));
      case "pools.listener" -> builder.listener(instance(value, PoolListener.class));
      default -> builder; // read together with those of the same prefix
    };
  }

  private RoutingDataSource.Builder builder() {
    Map<String, String> database = below(DATABASE);
    String directory = settings.get(DIRECTORY);
    if (directory == null && database.isEmpty()) {
      throw new IllegalArgumentException(
          "directory: is missing; or give the one database as database.url");
    }
    if (directory == null) {
      for (String key : List.of(ALLOWED_URLS, ALLOWED_PROPERTIES)) {
        if (settings.containsKey(key)) {
          throw new IllegalArgumentException(
              key + ": is for a directory, and not for database.url");
        }
      }
      return databases.havePlace(DATABASE, database)
          ? RoutingDataSource.builder(template(DATABASE, database))
          : RoutingDataSource.builder(databases.read(DATABASE, database));
    }
    if (!database.isEmpty()) {
      throw new IllegalArgumentException(
          "directory: is there together with database.*, which is for an application without one");
    }
    if (directory.startsWith("jdbc:")) {
      throw new IllegalArgumentException("directory: is a URL, which belongs to database.url");
    }
    return RoutingDataSource.builder(
        within(
            keyed(
                DIRECTORY,
                () ->
                    isFile(directory)
                        ? file(directory)
                        : instance(directory, TenantDirectory.class))));
  }

  /** Returns a directory with the bounds that the settings give it, if they give it any. */
  private TenantDirectory within(TenantDirectory directory) {
    String urls = settings.get(ALLOWED_URLS);
    String properties = settings.get(ALLOWED_PROPERTIES);
    if (urls == null) {
      if (properties != null) {
        throw new IllegalArgumentException(
            ALLOWED_PROPERTIES + ": goes with " + ALLOWED_URLS + ", which is missing");
      }
      return directory;
    }
    AllowedDatabases allowed =
        keyed(ALLOWED_URLS, () -> AllowedDatabases.under(urls.trim().split("\\s+", -1)));
    return directory.within(
        properties == null ? allowed : allowed.withProperties(properties.trim().split("\\s+", -1)));
  }

  /** Tells a file with a directory in it from a class that is one. */
  static boolean isFile(String directory) {
    return directory.toLowerCase(Locale.ROOT).endsWith(".properties");
  }

  private TenantDirectory template(String prefix, Map<String, String> texts) {
    return TenantDirectory.template(databases.url(prefix, texts), databases.further(prefix, texts));
  }

  private static TenantDirectory file(String name) {
    try {
      return TenantDirectory.properties(Path.of(name));
    } catch (IOException e) {
      throw new IllegalArgumentException("can't be read: " + e, e);
    }
  }

  private void addBinds(RoutingDataSource.Builder builder) {
    Map<String, Map<String, String>> byName = new TreeMap<>();
    below(BIND)
        .forEach(
            (key, value) -> {
              int dot = key.indexOf('.');
              if (dot <= 0) {
                throw new IllegalArgumentException(
                    "%s%s: a key is bind.NAME.url, bind.NAME.user and so on".formatted(BIND, key));
              }
              byName
                  .computeIfAbsent(key.substring(0, dot), name -> new TreeMap<>())
                  .put(key.substring(dot + 1), value);
            });
    byName.forEach(
        (name, texts) -> {
          String prefix = BIND + name + ".";
          if (databases.havePlace(prefix, texts)) {
            builder.bindThrough(name, template(prefix, texts));
          } else {
            builder.bind(name, databases.read(prefix, texts));
          }
        });
  }

  /** Returns the settings whose keys begin with a prefix, without it. */
  private Map<String, String> below(String prefix) {
    Map<String, String> found = new TreeMap<>();
    settings.forEach(
        (key, value) -> {
          if (key.startsWith(prefix)) {
            found.put(key.substring(prefix.length()), value);
          }
        });
    return found;
  }

  private static <T> T instance(String name, Class<T> type) {
    try {
      ClassLoader loader = Thread.currentThread().getContextClassLoader();
      return Class.forName(name, true, loader)
          .asSubclass(type)
          .getDeclaredConstructor()
          .newInstance();
    } catch (InvocationTargetException | LinkageError e) {
      Throwable why = e instanceof LinkageError ? e : e.getCause();
      throw new IllegalArgumentException("%s: it can't be made: %s".formatted(name, why), e);
    } catch (ReflectiveOperationException | ClassCastException e) {
      throw new IllegalArgumentException(
          "%s: it has to be a class that implements %s and has a public constructor without parameters"
              .formatted(name, type.getName()),
          e);
    }
  }
}
