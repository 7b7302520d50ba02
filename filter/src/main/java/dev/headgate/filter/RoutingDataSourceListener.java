package dev.headgate.filter;

import dev.headgate.datasource.RoutingDataSource;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Makes the {@link RoutingDataSource} of a web application from a properties file when the
 * application starts, publishes it, and closes it when the application stops.
 *
 * <p>It reads two context-params: {@code headgate.settings}, which is required, names the file, in
 * the web application or in the file system; {@code headgate.jndi-name} is the name under which the
 * data source is bound in the initial JNDI context, such as {@code jdbc/tenants}; what begins with
 * {@code java:} is the container's, and read-only. It is an attribute of the {@link ServletContext}
 * in any case, which {@link UnitOfWorkFilter#dataSource} returns, and which a {@link
 * UnitOfWorkFilter} without a data source of its own uses.
 *
 * <p>What is wrong stops the start of the application, and is named.
 */
public final class RoutingDataSourceListener implements ServletContextListener {

  private static final String SETTINGS = "headgate.settings";
  private static final String JNDI_NAME = "headgate.jndi-name";

  private @Nullable RoutingDataSource dataSource;
  private @Nullable JndiBinding bound;

  /** For a {@code web.xml}. */
  public RoutingDataSourceListener() {}

  /**
   * Makes and publishes the data source.
   *
   * @throws IllegalStateException if it can't be; the message names the context-param or the
   *     setting
   */
  @Override
  public void contextInitialized(ServletContextEvent event) {
    ServletContext context = event.getServletContext();
    RoutingDataSource made = make(context);
    dataSource = made;
    String name = context.getInitParameter(JNDI_NAME);
    if (name != null) {
      try {
        bound = JndiBinding.bind(name.trim(), made);
      } catch (IllegalArgumentException e) {
        made.close();
        throw new IllegalStateException(
            "context-param %s: %s".formatted(JNDI_NAME, e.getMessage()), e);
      }
    }
    context.setAttribute(DataSourceParams.ATTRIBUTE, made);
  }

  private static RoutingDataSource make(ServletContext context) {
    String name = context.getInitParameter(SETTINGS);
    if (name == null || name.isBlank()) {
      throw new IllegalStateException("context-param %s is missing".formatted(SETTINGS));
    }
    DataSourceParams params = new DataSourceParams(context);
    String file = params.file(name.trim());
    try {
      return params.make(read(Path.of(file)));
    } catch (IOException e) {
      throw new IllegalStateException(
          "context-param %s: %s can't be read: %s".formatted(SETTINGS, file, e), e);
    } catch (IllegalArgumentException e) {
      throw new IllegalStateException(
          "context-param %s: %s: %s".formatted(SETTINGS, file, e.getMessage()), e);
    }
  }

  private static Map<String, String> read(Path file) throws IOException {
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(file)) {
      properties.load(reader);
    }
    Map<String, String> settings = new TreeMap<>();
    properties.stringPropertyNames().forEach(key -> settings.put(key, properties.getProperty(key)));
    return settings;
  }

  @Override
  public void contextDestroyed(ServletContextEvent event) {
    event.getServletContext().removeAttribute(DataSourceParams.ATTRIBUTE);
    if (bound != null) {
      bound.unbind();
    }
    if (dataSource != null) {
      dataSource.close();
    }
  }
}
