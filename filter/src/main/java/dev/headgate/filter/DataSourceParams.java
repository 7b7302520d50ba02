package dev.headgate.filter;

import dev.headgate.datasource.RoutingDataSource;
import jakarta.servlet.ServletContext;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import javax.naming.InitialContext;
import javax.naming.NamingException;

/**
 * Makes or finds the data source of a web application. What is wrong is an {@link
 * IllegalArgumentException} whose message begins with the setting.
 */
final class DataSourceParams {

  /** The attribute of the {@link ServletContext} under which the data source is published. */
  static final String ATTRIBUTE = RoutingDataSource.class.getName();

  private static final String DIRECTORY = "directory";

  private final ServletContext context;

  DataSourceParams(ServletContext context) {
    this.context = context;
  }

  /** Makes one with these settings, whose files may be in the web application. */
  RoutingDataSource make(Map<String, String> settings) {
    Map<String, String> resolved = new TreeMap<>(settings);
    resolved.computeIfPresent(DIRECTORY, (key, value) -> file(value));
    return RoutingDataSource.of(resolved);
  }

  /** Returns a file of the web application, or the same name where there is no such one. */
  String file(String name) {
    String inside = name.startsWith("/") ? context.getRealPath(name) : null;
    return inside != null && Path.of(inside).toFile().exists() ? inside : name;
  }

  /** Finds the one with this name: in an attribute of the context, or in JNDI. */
  @SuppressWarnings("BanJNDI") // The name comes from whoever deploys the application.
  RoutingDataSource find(String name) {
    Object found = context.getAttribute(name);
    if (found == null) {
      try {
        found = new InitialContext().lookup(name);
      } catch (NamingException e) {
        throw new IllegalArgumentException(
            "%s is neither an attribute of the ServletContext nor in JNDI: %s".formatted(name, e),
            e);
      }
    }
    if (found instanceof RoutingDataSource dataSource) {
      return dataSource;
    }
    throw new IllegalArgumentException(
        "%s is a %s, where a RoutingDataSource is needed"
            .formatted(name, found == null ? "null" : found.getClass().getName()));
  }
}
