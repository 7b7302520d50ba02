package dev.headgate.datasource;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.headgate.datasource.pool.AllowedDatabases;
import dev.headgate.datasource.pool.Database;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;

/**
 * Looks up where a tenant's data lives. A lambda will do:
 *
 * <pre>{@code
 * TenantDirectory directory = tenant -> Optional.ofNullable(customers.databaseOf(tenant.value()));
 * }</pre>
 *
 * <p>Called by many threads at once. {@link RoutingDataSource} remembers answers for a while,
 * unknown tenants included, and asks at most once at a time about each tenant; see {@link
 * DirectorySettings}.
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
   * Returns this directory, but for databases that are not allowed: asked for one of these, it
   * fails. It is for directories that are data, in a table that more people can write than the
   * application's configuration.
   *
   * <pre>{@code
   * directory.within(AllowedDatabases.under("jdbc:postgresql://db.example.com/").withProperties("sslmode"))
   * }</pre>
   */
  default TenantDirectory within(AllowedDatabases allowed) {
    Objects.requireNonNull(allowed, "allowed");
    return tenant -> find(tenant).map(allowed::require);
  }

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
   * Returns a directory of the tenants in a properties file in UTF-8. When the file has changed, it
   * is read again, within seconds and without a failed request: one that can't be used changes
   * nothing, and is logged.
   *
   * <pre>
   * acme.url = jdbc:postgresql://db.example.com/acme
   * acme.user = app
   * acme.password = ${env:ACME_PASSWORD}
   * acme.property.sslmode = require
   * acme.pool.maximum-size = 5
   * </pre>
   *
   * The keys behind the tenant's name are {@code url}, {@code user}, {@code password}, {@code
   * schema} or {@code catalog}, {@code property.NAME} for driver properties, and for the pool
   * {@code pool.maximum-size}, {@code pool.borrow-timeout}, {@code pool.idle-timeout}, {@code
   * pool.maximum-lifetime}, with durations as in ISO 8601: {@code PT3S}, {@code PT10M}, and {@code
   * pool.reset}.
   *
   * <p>In values, <code>${env:NAME}</code> stands for an environment variable, <code>
   * ${file:/run/secrets/db}</code> for what is in a file, without the line end at its end, and
   * <code>$${</code> for <code>${</code>. A file that is referred to is watched like this one.
   *
   * @throws IllegalArgumentException if an entry is unknown, malformed or missing, or what it
   *     refers to is; the message names the file and the key, and never a value of {@code password}
   * @throws IOException if the file can't be read
   */
  static TenantDirectory properties(Path file) throws IOException {
    return new PropertiesDirectory(file, Placeholders::ofSystem, Ticker.systemTicker());
  }

  /**
   * Returns a directory of every tenant that is asked for, each with a database at a URL with its
   * name in it: {@code jdbc:postgresql://db.example.com/{tenant}}. Names are validated before, and
   * mean nothing in a URL.
   *
   * <p>It does not know which databases there are: a tenant without one is a database that can't be
   * reached. Where the names are known, ask that first:
   *
   * <pre>{@code
   * tenant -> customers.contains(tenant.value()) ? template.find(tenant) : Optional.empty()
   * }</pre>
   *
   * @throws IllegalArgumentException if the text is not a JDBC URL, or has no <code>{tenant}</code>
   *     , or one where the URL has no name: it may be in the host, the database's name, and the
   *     parameters {@code currentSchema}, {@code schema}, {@code database}, {@code databaseName},
   *     {@code user} and {@code username}
   */
  static TenantDirectory template(String url) {
    return template(url, UnaryOperator.identity());
  }

  /**
   * As {@link #template(String)}, with what else there is to say of each database. The name of its
   * schema or catalog may have <code>{tenant}</code> in it, too, and then the URL need not: tenants
   * with one URL share a pool.
   *
   * <pre>
   * TenantDirectory.template(url, database -&gt; database.user("app").schema("tenant_{tenant}"))
   * </pre>
   *
   * @param further adds to a database, such as user and password
   * @throws IllegalArgumentException if the text is not a JDBC URL, or neither it nor the schema or
   *     catalog has <code>{tenant}</code>
   */
  static TenantDirectory template(String url, UnaryOperator<Database.Builder> further) {
    return new TemplateDirectory(url, further);
  }

  /**
   * Returns a directory of the tenants in a table of a control database.
   *
   * <pre>{@code
   * TenantDirectory.query(
   *     control, "SELECT url, username, password FROM tenant WHERE name = ?", DatabaseMapper.byColumns())
   * }</pre>
   *
   * @param control gives the connections to the control database, from a pool of its own
   * @param sql a query with one parameter, the tenant's name; no row means that there is no such
   *     tenant, and more than one that the directory fails
   * @param mapper makes a database of a row
   */
  static TenantDirectory query(DataSource control, String sql, DatabaseMapper mapper) {
    return new QueryDirectory(control, sql, mapper);
  }
}
