package dev.headgate.containers.laboratory;

import dev.headgate.containers.ServletContainer;
import dev.headgate.datasource.RoutingDataSource;
import dev.headgate.datasource.TenantId;
import dev.headgate.datasource.pool.Database;
import dev.headgate.datasource.pool.PoolSettings;
import dev.headgate.filter.TenantResolver;
import dev.headgate.filter.UnitOfWorkFilter;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.ServletContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * An application of a test's own servlets that has been started. Its tenants are subdomains of
 * {@code example.com}.
 */
public final class Laboratory implements AutoCloseable {

  private static final String DOMAIN = "example.com";

  /** For many connections at once on a busy machine. */
  private static final Duration LONG_ENOUGH = Duration.ofSeconds(20);

  private final RoutingDataSource dataSource;
  private final ServletContainer.Running running;
  private @Nullable Http2Client http2;

  private Laboratory(RoutingDataSource dataSource, ServletContainer.Running running) {
    this.dataSource = dataSource;
    this.running = running;
  }

  /**
   * Describes an application.
   *
   * @param folder temporary, for what the container writes; its {@code webapp} is the
   *     application's. Several applications may have the same
   */
  public static Builder in(EmbeddedContainer container, Path folder) {
    return new Builder(container, folder);
  }

  /** Returns the {@code Host} header of a tenant's requests. */
  public static String host(String tenant) {
    return tenant + "." + DOMAIN;
  }

  public int port() {
    return running.port();
  }

  /** Returns the filter's data source, from which servlets get their connections. */
  public RoutingDataSource dataSource() {
    return dataSource;
  }

  public RawClient connect() throws IOException {
    return new RawClient(port());
  }

  /** Returns the one connection for HTTP/2, which goes on as long as the laboratory. */
  public synchronized Http2Client http2() throws Exception {
    if (http2 == null) {
      http2 = new Http2Client(port());
    }
    return http2;
  }

  /** Executes a statement outside of all requests. */
  public void execute(String tenant, String sql) throws SQLException {
    try (Connection connection = dataSource.forTenant(TenantId.of(tenant)).getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** Asks for a number outside of all requests. */
  public long number(String tenant, String sql) throws SQLException {
    try (Connection connection = dataSource.forTenant(TenantId.of(tenant)).getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getLong(1);
    }
  }

  @Override
  public synchronized void close() {
    if (http2 != null) {
      http2.close();
    }
    try (dataSource) {
      running.stop();
    } catch (Exception e) {
      throw new IllegalStateException("the container can't be stopped", e);
    }
  }

  /** Describes an application. Not safe for use by several threads. */
  public static final class Builder {

    private final EmbeddedContainer container;
    private final Path folder;
    private final Map<String, Database> tenants = new LinkedHashMap<>();
    private final Map<String, Filter> filters = new LinkedHashMap<>();
    private final Map<String, Service> services = new LinkedHashMap<>();
    private final StringBuilder errorPages = new StringBuilder();
    private @Nullable Consumer<UnitOfWorkFilter.Builder> unitOfWork = filter -> {};
    private EnumSet<DispatcherType> dispatches = EnumSet.allOf(DispatcherType.class);
    private PoolSettings pool = PoolSettings.defaults().withBorrowTimeout(LONG_ENOUGH);
    private boolean compressing;

    private Builder(EmbeddedContainer container, Path folder) {
      this.container = container;
      this.folder = folder.resolve("webapp");
    }

    /** Adds a tenant, whose JDBC URL may lead to its database by a detour. */
    public Builder tenant(String tenant, String url) {
      tenants.put(tenant, Database.of(url));
      return this;
    }

    /** Lets each tenant have so many connections at once. */
    public Builder poolSize(int connections) {
      pool = pool.withMaximumSize(connections);
      return this;
    }

    /** Changes the filter that makes requests units of work. */
    public Builder unitOfWork(Consumer<UnitOfWorkFilter.Builder> settings) {
      unitOfWork = settings;
      return this;
    }

    /** Leaves that filter out. */
    public Builder withoutUnitOfWork() {
      unitOfWork = null;
      return this;
    }

    /** Has that filter only where it says here; otherwise it is mapped to every dispatch. */
    public Builder dispatches(DispatcherType first, DispatcherType... others) {
      dispatches = EnumSet.of(first, others);
      return this;
    }

    /** Adds a filter of every request, but of no further dispatch, behind that of units of work. */
    public Builder filter(String name, Filter filter) {
      filters.put(name, filter);
      return this;
    }

    /** Adds a servlet, whose name is its path without the slash. */
    public Builder servlet(String path, Service service) {
      services.put(path, service);
      return this;
    }

    /** Has answers with this status by {@code sendError} rendered at a path. */
    public Builder errorPage(int status, String path) {
      return errorPage("error-code", Integer.toString(status), path);
    }

    /** Has exceptions of this type rendered at a path. */
    public Builder errorPage(Class<? extends Throwable> type, String path) {
      return errorPage("exception-type", type.getName(), path);
    }

    private Builder errorPage(String kind, String which, String path) {
      errorPages.append(
          "<error-page><%s>%s</%s><location>%s</location></error-page>\n"
              .formatted(kind, which, kind, path));
      return this;
    }

    /** Lets the container compress text, for who accepts it. */
    public Builder compressing() {
      compressing = true;
      return this;
    }

    public Laboratory start() throws Exception {
      writeWebXml();
      Map<String, Database> databases = Map.copyOf(tenants);
      RoutingDataSource dataSource =
          RoutingDataSource.builder(tenant -> Optional.ofNullable(databases.get(tenant.value())))
              .pool(pool)
              .build();
      try {
        return new Laboratory(
            dataSource,
            container.start(
                folder, (classes, context) -> register(context, dataSource), compressing));
      } catch (Throwable e) {
        dataSource.close();
        throw e;
      }
    }

    private void writeWebXml() throws IOException {
      Path webXml = folder.resolve("WEB-INF/web.xml");
      Files.createDirectories(webXml.getParent());
      Files.writeString(
          webXml,
          """
          <?xml version="1.0" encoding="UTF-8"?>
          <web-app xmlns="https://jakarta.ee/xml/ns/jakartaee" version="6.0">
          %s</web-app>
          """
              .formatted(errorPages));
    }

    private void register(ServletContext context, RoutingDataSource dataSource) {
      if (unitOfWork != null) {
        UnitOfWorkFilter.Builder builder =
            UnitOfWorkFilter.builder(dataSource, TenantResolver.subdomainOf(DOMAIN));
        unitOfWork.accept(builder);
        register(context, "unit-of-work", builder.build(), dispatches);
      }
      filters.forEach(
          (name, filter) -> register(context, name, filter, EnumSet.of(DispatcherType.REQUEST)));
      services.forEach(
          (path, service) -> {
            var servlet = context.addServlet(path.substring(1), new ServiceServlet(service));
            servlet.addMapping(path);
            servlet.setAsyncSupported(true);
          });
    }

    private static void register(
        ServletContext context, String name, Filter filter, EnumSet<DispatcherType> dispatches) {
      var registered = context.addFilter(name, filter);
      registered.addMappingForUrlPatterns(dispatches, true, "/*");
      registered.setAsyncSupported(true);
    }
  }
}
