package dev.headgate.containers.webapp;

import dev.headgate.datasource.RoutingDataSource;
import dev.headgate.datasource.TenantDirectory;
import dev.headgate.filter.TenantResolver;
import dev.headgate.filter.UnitOfWorkFilter;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Does in code what the example's web.xml does. */
public class CodeRegistration implements ServletContextListener {

  private @Nullable RoutingDataSource dataSource;

  @Override
  public void contextInitialized(ServletContextEvent event) {
    ServletContext context = event.getServletContext();
    try {
      Path tenants = Path.of(context.getRealPath("/WEB-INF/tenants.properties"));
      RoutingDataSource opened =
          RoutingDataSource.builder(TenantDirectory.properties(tenants)).build();
      dataSource = opened;
      UnitOfWorkFilter filter =
          UnitOfWorkFilter.builder(opened, resolver()).exclude(withoutTenant()).build();
      context.addFilter("unit-of-work", filter).addMappingForUrlPatterns(null, false, "/*");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    add(context, "HomeServlet", "");
    add(context, "NotesServlet", "/notes");
    add(context, "PoolsServlet", "/pools.json", "/pools");
    // In place of the container's own servlets for files and JSPs.
    add(context, "ErrorServlet", "/", "*.jsp", "*.jspf", "*.jspx", "*.xsp");
  }

  /** Returns whose request it is. */
  protected TenantResolver resolver() {
    return TenantResolver.subdomainOf("localhost");
  }

  private static void add(ServletContext context, String servlet, String... patterns) {
    context.addServlet(servlet, "dev.headgate.example." + servlet).addMapping(patterns);
  }

  /** The example's own predicate; this module can't be compiled against a WAR. */
  @SuppressWarnings("unchecked")
  private static Predicate<HttpServletRequest> withoutTenant() {
    try {
      return Class.forName("dev.headgate.example.WithoutTenant")
          .asSubclass(Predicate.class)
          .getDeclaredConstructor()
          .newInstance();
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void contextDestroyed(ServletContextEvent event) {
    if (dataSource != null) {
      dataSource.close();
    }
  }
}
