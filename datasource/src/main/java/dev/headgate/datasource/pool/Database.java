package dev.headgate.datasource.pool;

import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where data lives: a JDBC URL, who connects there, with which driver properties, how its pool is
 * set, and perhaps a schema or catalog there, and a restriction for now. Databases that are equal
 * but for these last share one pool: a connection is led to where its borrower wants it.
 *
 * <p>Immutable and safe for use by many threads. Nothing here prints the password: {@link
 * #toString()} and {@link #address()} leave out all that follows the database's name in the URL,
 * too.
 */
public final class Database {

  /** What stands in a URL before user and host: {@code jdbc:oracle:thin:}. */
  private static final Pattern PROTOCOL =
      Pattern.compile("jdbc:(?:[^:/@]+:(?:[a-z0-9]+:)?(?://)?)?");

  private final String url;
  private final @Nullable String user;
  private final @Nullable String password;
  private final Map<String, String> properties;
  private final @Nullable PoolSettings pool;
  private final @Nullable String schema;
  private final @Nullable String catalog;
  private final @Nullable String server;
  private final @Nullable Restriction restriction;
  private final int hash;

  /**
   * The answer of {@link #withDefaults} of last time. Any thread may replace it by an equal one.
   */
  private @Nullable Database completed;

  /** The answer of {@link #whole()}, once it was asked for; in the same way. */
  private @Nullable Database whole;

  /** The leases of the pool that it led to last time, of whatever registry; in the same way. */
  private @Nullable Leases lastLeased;

  private Database(
      String url,
      @Nullable String user,
      @Nullable String password,
      Map<String, String> properties,
      @Nullable PoolSettings pool,
      @Nullable String schema,
      @Nullable String catalog,
      @Nullable String server,
      @Nullable Restriction restriction) {
    this.url = url;
    this.user = user;
    this.password = password;
    this.properties = properties;
    this.pool = pool;
    this.schema = schema;
    this.catalog = catalog;
    this.server = server;
    this.restriction = restriction;
    this.hash =
        Objects.hash(url, user, password, properties, pool, schema, catalog, server, restriction);
  }

  /**
   * Returns the database at a URL, with neither user nor password of its own and with the pool
   * settings of the registry.
   *
   * @throws IllegalArgumentException if the text is not a JDBC URL, or has a password in it
   */
  public static Database of(String url) {
    return builder(url).build();
  }

  /**
   * Starts the description of the database at a URL.
   *
   * @throws IllegalArgumentException if the text is not a JDBC URL, or has a password in it
   */
  public static Builder builder(String url) {
    return new Builder(url);
  }

  /** Returns the JDBC URL as it was given. */
  public String url() {
    return url;
  }

  /** Returns the user to connect as, if one was given apart from the URL. */
  public Optional<String> user() {
    return Optional.ofNullable(user);
  }

  /** Returns the pool settings of this database's own, if it has any. */
  public Optional<PoolSettings> pool() {
    return Optional.ofNullable(pool);
  }

  /**
   * Returns the server whose budget its connections count against: the name that it was given, or
   * else host and port of the URL. Embedded databases have none.
   */
  public Optional<String> server() {
    return Optional.ofNullable(server != null ? server : ServerName.of(url));
  }

  /** Returns the schema that connections are led to, if there is one. */
  public Optional<String> schema() {
    return Optional.ofNullable(schema);
  }

  /** Returns the catalog that connections are led to, if there is one. */
  public Optional<String> catalog() {
    return Optional.ofNullable(catalog);
  }

  /**
   * Returns this database with another schema, in place of the one that it has, if it has one.
   *
   * @throws IllegalArgumentException as {@link Builder#schema} does
   */
  public Database withSchema(String name) {
    requireNone(Dialect.Kind.CATALOG, catalog);
    String checked = checked(Dialect.Kind.SCHEMA, name, url);
    return new Database(url, user, password, properties, pool, checked, null, server, restriction);
  }

  /**
   * Returns this database with another catalog, in place of the one that it has, if it has one.
   *
   * @throws IllegalArgumentException as {@link Builder#catalog} does
   */
  public Database withCatalog(String name) {
    requireNone(Dialect.Kind.SCHEMA, schema);
    String checked = checked(Dialect.Kind.CATALOG, name, url);
    return new Database(url, user, password, properties, pool, null, checked, server, restriction);
  }

  private static void requireNone(Dialect.Kind other, @Nullable String name) {
    if (name != null) {
      throw new IllegalArgumentException(
          "there is the %s \"%s\" already: a database has a schema or a catalog, as its driver calls it, and not both"
              .formatted(other, name));
    }
  }

  private static String checked(Dialect.Kind kind, String name, String url) {
    Objects.requireNonNull(name, kind.toString());
    if (name.isBlank() || name.chars().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException(
          "the name of a %s is blank or has control characters in it".formatted(kind));
    }
    Dialect dialect = Dialect.of(url);
    if (dialect == null) {
      throw new IllegalArgumentException(
          "%s \"%s\": there are schemas for PostgreSQL and H2 and catalogs for MariaDB and MySQL, and nothing for the driver of this URL: give each tenant a URL or user of its own"
              .formatted(kind, name));
    }
    if (dialect.kind() != kind) {
      throw new IllegalArgumentException(
          "%s \"%s\": the driver of this URL calls it a %s".formatted(kind, name, dialect.kind()));
    }
    String objection = dialect.objectionTo(name);
    if (objection != null) {
      throw new IllegalArgumentException("%s \"%s\": %s".formatted(kind, name, objection));
    }
    return name;
  }

  /** Returns the schema or the catalog. */
  @Nullable String part() {
    return schema != null ? schema : catalog;
  }

  /** Returns what it may not be used for at the moment, if there is such a thing. */
  public Optional<Restriction> restriction() {
    return Optional.ofNullable(restriction);
  }

  /** Returns the same as {@link #restriction()}, or null. */
  @Nullable Restriction restrictionOrNull() {
    return restriction;
  }

  /**
   * Throws if nothing may be done with it now.
   *
   * @throws DatabaseUnavailableException if it is suspended, or is read only and nobody knows how
   *     to have it refuse writes
   */
  void requireUsable() throws DatabaseUnavailableException {
    if (restriction == null) {
      return;
    }
    if (restriction.kind() == Restriction.Kind.SUSPENDED) {
      throw new DatabaseUnavailableException("%s gives no connection".formatted(this), null, null);
    }
    Dialect dialect = Dialect.of(url);
    if (dialect == null || dialect.access(true) == null) {
      throw new DatabaseUnavailableException(
          "%s gives no connection, since it can't be told to refuse writes: PostgreSQL, MariaDB and MySQL can"
              .formatted(this),
          null,
          null);
    }
  }

  /**
   * Returns this database with a restriction, unless it has one that is at least as strict. It has
   * the same pool: connections are restricted one by one.
   */
  public Database restricted(Restriction by) {
    return restriction != null && restriction.kind().compareTo(by.kind()) >= 0
        ? this
        : new Database(url, user, password, properties, pool, schema, catalog, server, by);
  }

  /** Returns this database with the restriction of another one, or with none if it has none. */
  public Database restrictedAs(Database other) {
    return Objects.equals(restriction, other.restriction)
        ? this
        : new Database(
            url, user, password, properties, pool, schema, catalog, server, other.restriction);
  }

  /**
   * Returns this database without schema and catalog, which its pool leads connections to, and
   * without restriction.
   */
  Database whole() {
    if (part() == null && restriction == null) {
      return this;
    }
    Database last = whole;
    if (last == null) {
      last = new Database(url, user, password, properties, pool, null, null, server, null);
      whole = last;
    }
    return last;
  }

  /**
   * Returns the URL without what may hold secrets: its parameters, and a user before the host. For
   * messages and logs.
   */
  public String address() {
    String address = url.substring(0, endOfAddress());
    int at = address.lastIndexOf('@');
    if (at < 0) {
      return address;
    }
    Matcher protocol = PROTOCOL.matcher(address);
    int start = protocol.lookingAt() ? Math.min(protocol.end(), at) : 0;
    boolean userInfo = address.startsWith("//", start - 2);
    return address.substring(0, start) + address.substring(userInfo ? at + 1 : at);
  }

  /**
   * Parameters begin with a ? or ;, or without either, as in {@code jdbc:db2://host/name:user=u}.
   */
  private int endOfAddress() {
    int end = url.length();
    for (char separator : new char[] {'?', ';'}) {
      int at = url.indexOf(separator);
      if (at >= 0 && at < end) {
        end = at;
      }
    }
    int equals = url.indexOf('=');
    if (equals < 0 || equals > end) {
      return end;
    }
    end = equals;
    while (":/,(&".indexOf(url.charAt(end)) < 0) {
      end--;
    }
    return end;
  }

  /** Returns this database with the given pool settings, unless it has settings of its own. */
  Database withDefaults(PoolSettings defaults) {
    if (pool != null) {
      return this;
    }
    Database last = completed;
    if (last == null || last.pool != defaults) {
      last =
          new Database(
              url, user, password, properties, defaults, schema, catalog, server, restriction);
      completed = last;
    }
    return last;
  }

  /** Returns the pool that it led to last time, if that is not closed yet. */
  @Nullable Pool lastPool() {
    Leases last = lastLeased;
    return last == null ? null : last.pool();
  }

  /** It has led to this pool. */
  void led(Pool pool) {
    if (lastLeased != pool.leases) {
      lastLeased = pool.leases;
    }
  }

  /** Returns the names of its driver properties. */
  Set<String> propertyNames() {
    return properties.keySet();
  }

  /**
   * Returns the driver properties for a new connection; a new object, since drivers write to it.
   */
  Properties connectionProperties() {
    Properties all = new Properties();
    all.putAll(properties);
    if (user != null) {
      all.setProperty("user", user);
    }
    if (password != null) {
      all.setProperty("password", password);
    }
    return all;
  }

  /**
   * Returns this database without password, pool settings, schema, catalog and restriction: who
   * connects where, with which driver properties. Databases with equal logins must have equal pool
   * settings.
   */
  public Database login() {
    return new Database(url, user, null, properties, null, null, null, server, null);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return this == other
        || (other instanceof Database that
            && hash == that.hash
            && url.equals(that.url)
            && Objects.equals(user, that.user)
            && Objects.equals(password, that.password)
            && properties.equals(that.properties)
            && Objects.equals(pool, that.pool)
            && Objects.equals(schema, that.schema)
            && Objects.equals(catalog, that.catalog)
            && Objects.equals(server, that.server)
            && Objects.equals(restriction, that.restriction));
  }

  @Override
  public int hashCode() {
    return hash;
  }

  /**
   * Returns address, user, schema, catalog and restriction; never the password, and no other
   * parameter.
   */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(address());
    if (user != null) {
      text.append(" as ").append(user);
    }
    if (schema != null) {
      text.append(", schema ").append(schema);
    }
    if (catalog != null) {
      text.append(", catalog ").append(catalog);
    }
    if (restriction != null) {
      text.append(", ").append(restriction);
    }
    return text.toString();
  }

  /** Describes a database. Not safe for use by several threads. */
  public static final class Builder {

    private final String url;
    private final Map<String, String> properties = new TreeMap<>();
    private @Nullable String user;
    private @Nullable String password;
    private @Nullable PoolSettings pool;
    private @Nullable String schema;
    private @Nullable String catalog;
    private @Nullable String server;
    private @Nullable Restriction restriction;

    private Builder(String url) {
      this.url = JdbcUrl.checked(Objects.requireNonNull(url, "url"));
    }

    /**
     * Sets the user to connect as.
     *
     * @throws IllegalArgumentException if there are control characters in the name
     */
    public Builder user(String user) {
      this.user = JdbcUrl.requireOneLine("the user", Objects.requireNonNull(user, "user"));
      return this;
    }

    /** Sets the password of the user; it travels as the driver property {@code password}. */
    public Builder password(String password) {
      this.password = Objects.requireNonNull(password, "password");
      return this;
    }

    /**
     * Adds a driver property.
     *
     * @throws IllegalArgumentException if it names the user or the password, which have methods of
     *     their own, or a property that was set before
     */
    public Builder property(String name, String value) {
      Objects.requireNonNull(value, "value");
      if (name.equals("user") || name.equals("password")) {
        throw new IllegalArgumentException(
            "the driver property %s is set by %s(…)".formatted(name, name));
      }
      if (properties.putIfAbsent(name, value) != null) {
        throw new IllegalArgumentException(
            "the driver property %s was already set".formatted(name));
      }
      return this;
    }

    /** Gives this database pool settings of its own, in place of the registry's. */
    public Builder pool(PoolSettings pool) {
      this.pool = Objects.requireNonNull(pool, "pool");
      return this;
    }

    /**
     * Sets the schema that connections are led to when they are borrowed, for PostgreSQL and H2. It
     * has to be there: nothing creates it. The name is taken as it is, and quoted: {@code acme} and
     * {@code ACME} are two schemas.
     *
     * <p>In PostgreSQL it is all of the search path.
     *
     * @throws IllegalArgumentException if the driver of the URL has no schemas that could be set,
     *     or none of that name, or a catalog was set
     */
    public Builder schema(String name) {
      requireNone(Dialect.Kind.CATALOG, catalog);
      this.schema = checked(Dialect.Kind.SCHEMA, name, url);
      return this;
    }

    /**
     * Sets the catalog that connections are led to when they are borrowed, for MariaDB and MySQL,
     * which call it a database. It has to be there: nothing creates it.
     *
     * @throws IllegalArgumentException if the driver of the URL has no catalogs that could be set,
     *     or none of that name, or a schema was set
     */
    public Builder catalog(String name) {
      requireNone(Dialect.Kind.SCHEMA, schema);
      this.catalog = checked(Dialect.Kind.CATALOG, name, url);
      return this;
    }

    /**
     * Names the server whose budget the connections count against, for URLs that call one server by
     * several names, or lead to it through something else. Otherwise it is host and port of the
     * URL.
     *
     * @throws IllegalArgumentException if the name is blank or has control characters in it
     */
    public Builder server(String name) {
      if (name.isBlank()) {
        throw new IllegalArgumentException("the name of a server is blank");
      }
      this.server = JdbcUrl.requireOneLine("the name of a server", name);
      return this;
    }

    /**
     * Says that it may not be used as ever for now, and why. Of several, the strictest one holds.
     */
    public Builder restriction(Restriction restriction) {
      Restriction before = this.restriction;
      if (before == null || before.kind().compareTo(restriction.kind()) < 0) {
        this.restriction = restriction;
      }
      return this;
    }

    /** Returns the database as described so far. */
    public Database build() {
      return new Database(
          url,
          user,
          password,
          Collections.unmodifiableMap(new TreeMap<>(properties)),
          pool,
          schema,
          catalog,
          server,
          restriction);
    }
  }
}
