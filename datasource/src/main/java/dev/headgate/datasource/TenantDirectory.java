package dev.headgate.datasource;

import dev.headgate.datasource.pool.Database;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Looks up where a tenant's data lives. A lambda will do:
 *
 * <pre>{@code
 * TenantDirectory directory = tenant -> Optional.ofNullable(customers.databaseOf(tenant.value()));
 * }</pre>
 *
 * <p>Called by many threads at once. {@link RoutingDataSource} remembers answers for a while,
 * unknown tenants included, and asks at most once at a time about each tenant.
 */
@FunctionalInterface
public interface TenantDirectory {

  /**
   * Returns the database of a tenant, or empty if there is no such tenant.
   *
   * @throws Exception if the directory can't tell at the moment; callers get it as the cause of a
   *     {@link TenantDirectoryException}
   */
  Optional<Database> find(TenantId tenant) throws Exception;

  /**
   * Returns a directory of these tenants; later changes of the map don't matter.
   *
   * @throws InvalidTenantIdException if a key does not have the form of a {@link TenantId}
   * @throws IllegalArgumentException if two keys are the same tenant, or two tenants have the same
   *     address, user and driver properties with different pool settings
   */
  static TenantDirectory of(Map<String, Database> databases) {
    return new FixedDirectory(databases);
  }

  /**
   * Returns a directory of the tenants in a properties file, read once, in UTF-8.
   *
   * <pre>
   * acme.url = jdbc:postgresql://db.example.com/acme
   * acme.user = app
   * acme.password = secret
   * acme.property.sslmode = require
   * acme.pool.maximum-size = 5
   * </pre>
   *
   * The keys behind the tenant's name are {@code url}, {@code user}, {@code password}, {@code
   * property.NAME} for driver properties, and for the pool {@code pool.maximum-size}, {@code
   * pool.borrow-timeout}, {@code pool.idle-timeout} and {@code pool.maximum-lifetime}, with
   * durations as in ISO 8601: {@code PT3S}, {@code PT10M}.
   *
   * @throws IllegalArgumentException if an entry is unknown, malformed or missing; the message
   *     names the file and the key, and never a value of {@code password}
   * @throws IOException if the file can't be read
   */
  static TenantDirectory properties(Path file) throws IOException {
    return new FixedDirectory(TenantProperties.read(file));
  }
}
