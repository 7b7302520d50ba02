package dev.headgate.datasource;

import java.nio.file.Path;
import java.util.Enumeration;
import java.util.Hashtable;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import javax.naming.Context;
import javax.naming.Name;
import javax.naming.NamingException;
import javax.naming.RefAddr;
import javax.naming.Reference;
import javax.naming.spi.ObjectFactory;
import org.jspecify.annotations.Nullable;

/**
 * Makes a {@link RoutingDataSource} for JNDI, such as for a {@code Resource} of Tomcat, whose
 * attributes are its settings:
 *
 * <pre>{@code
 * <Resource name="jdbc/tenants" type="javax.sql.DataSource"
 *     factory="dev.headgate.datasource.RoutingDataSourceFactory" closeMethod="close"
 *     directory="/etc/app/tenants.properties" pools.maximum="20"/>
 * }</pre>
 *
 * <p>A file that is the directory has to be named with its whole path: a resource belongs to no web
 * application.
 */
public final class RoutingDataSourceFactory implements ObjectFactory {

  private static final String SINGLETON = "singleton";

  /** What containers say of a resource themselves. */
  private static final Set<String> OF_CONTAINERS =
      Set.of("description", "scope", "auth", SINGLETON, "factory", "closeMethod", "name", "type");

  /** For JNDI. */
  public RoutingDataSourceFactory() {}

  /**
   * Returns a new data source with the settings of a {@link Reference}.
   *
   * @throws NamingException if a setting is unknown, malformed or missing; the message names the
   *     resource and the setting
   */
  @Override
  public @Nullable Object getObjectInstance(
      @Nullable Object object,
      @Nullable Name name,
      @Nullable Context context,
      @Nullable Hashtable<?, ?> environment)
      throws NamingException {
    if (!(object instanceof Reference reference)) {
      return null;
    }
    try {
      return RoutingDataSource.of(settings(reference));
    } catch (IllegalArgumentException e) {
      NamingException failure =
          new NamingException("resource %s: %s".formatted(name, e.getMessage()));
      failure.initCause(e);
      throw failure;
    }
  }

  private static Map<String, String> settings(Reference reference) {
    Map<String, String> settings = new TreeMap<>();
    Enumeration<RefAddr> addresses = reference.getAll();
    while (addresses.hasMoreElements()) {
      RefAddr address = addresses.nextElement();
      String key = address.getType();
      String value = String.valueOf(address.getContent());
      if (key.equals(SINGLETON) && value.equals("false")) {
        throw new IllegalArgumentException(
            SINGLETON
                + ": has to be true; otherwise each look-up makes pools of its own, which nobody"
                + " closes");
      }
      if (key.equals(DataSourceSettings.DIRECTORY)) {
        requireWhole(value);
      }
      if (!OF_CONTAINERS.contains(key)) {
        settings.put(key, value);
      }
    }
    return settings;
  }

  /** Nobody knows the folder in which a container works. */
  private static void requireWhole(String directory) {
    if (DataSourceSettings.isFile(directory) && !Path.of(directory).isAbsolute()) {
      throw new IllegalArgumentException(
          "%s: %s is relative; give the whole path, in Tomcat such as ${catalina.base}/conf/%s"
              .formatted(
                  DataSourceSettings.DIRECTORY, directory, Path.of(directory).getFileName()));
    }
  }
}
