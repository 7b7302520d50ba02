package dev.headgate.datasource;

import static dev.headgate.datasource.Texts.keyed;

import dev.headgate.datasource.pool.Database;
import dev.headgate.datasource.pool.PoolSettings;
import dev.headgate.datasource.pool.Restriction;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * Reads a database from texts: {@code url}, {@code user}, {@code password}, {@code schema}, {@code
 * catalog}, {@code server}, {@code suspended} and {@code read-only} with a reason, {@code
 * property.NAME} for driver properties and {@code pool.NAME} for the settings of its pool.
 *
 * <p>What is unknown, malformed or missing is an {@link IllegalArgumentException}, whose message
 * begins with the key and never has a password.
 */
final class DatabaseTexts {

  private static final String URL = "url";
  private static final String SCHEMA = "schema";
  private static final String CATALOG = "catalog";
  private static final String DRIVER_PROPERTY = "property.";
  private static final String POOL_SETTING = "pool.";

  private final Placeholders placeholders;

  DatabaseTexts(Placeholders placeholders) {
    this.placeholders = placeholders;
  }

  /**
   * Returns the database that these texts describe.
   *
   * @param prefix what stands before the keys where they were read, for messages
   */
  Database read(String prefix, Map<String, String> texts) {
    String url = url(prefix, texts);
    Database.Builder builder = keyed(prefix + URL, () -> Database.builder(url));
    return further(prefix, texts).apply(builder).build();
  }

  /** Returns the URL in these texts. */
  String url(String prefix, Map<String, String> texts) {
    String url = texts.get(URL);
    if (url == null) {
      throw new IllegalArgumentException(prefix + URL + ": is missing");
    }
    return keyed(prefix + URL, () -> placeholders.expand(url));
  }

  /** Returns whether these texts have a place for the name of the tenant. */
  boolean havePlace(String prefix, Map<String, String> texts) {
    return url(prefix, texts).contains(TemplateDirectory.PLACE)
        || texts.getOrDefault(SCHEMA, "").contains(TemplateDirectory.PLACE)
        || texts.getOrDefault(CATALOG, "").contains(TemplateDirectory.PLACE);
  }

  /** Returns what adds to a database all that these texts say besides its URL. */
  UnaryOperator<Database.Builder> further(String prefix, Map<String, String> texts) {
    Map<String, UnaryOperator<Database.Builder>> parts = new TreeMap<>();
    Map<String, String> pool = new TreeMap<>();
    texts.forEach(
        (name, text) -> {
          String key = prefix + name;
          String value = keyed(key, () -> placeholders.expand(text));
          if (name.startsWith(POOL_SETTING)) {
            pool.put(name.substring(POOL_SETTING.length()), value);
          } else if (!name.equals(URL)) {
            parts.put(key, keyed(key, () -> part(name, value)));
          }
        });
    if (!pool.isEmpty()) {
      String key = prefix + POOL_SETTING + "*";
      PoolSettings settings = keyed(key, () -> PoolSettings.defaults().with(pool));
      parts.put(key, builder -> builder.pool(settings));
    }
    return builder -> {
      parts.forEach((key, part) -> keyed(key, () -> part.apply(builder)));
      return builder;
    };
  }

  private static UnaryOperator<Database.Builder> part(String name, String value) {
    if (name.equals("user")) {
      return builder -> builder.user(value);
    }
    if (name.equals("password")) {
      return builder -> builder.password(value);
    }
    if (name.equals(SCHEMA)) {
      return builder -> builder.schema(value);
    }
    if (name.equals(CATALOG)) {
      return builder -> builder.catalog(value);
    }
    if (name.equals("suspended")) {
      return builder -> builder.restriction(Restriction.suspended(value));
    }
    if (name.equals("read-only")) {
      return builder -> builder.restriction(Restriction.readOnly(value));
    }
    if (name.equals("server")) {
      return builder -> builder.server(value);
    }
    if (name.startsWith(DRIVER_PROPERTY)) {
      return builder -> builder.property(name.substring(DRIVER_PROPERTY.length()), value);
    }
    throw new IllegalArgumentException(
        "is unknown: there are url, user, password, schema, catalog, server, suspended, read-only,"
            + " property.* and pool.*");
  }
}
