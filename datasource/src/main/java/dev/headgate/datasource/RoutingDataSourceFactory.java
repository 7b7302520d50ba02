package dev.headgate.datasource;

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
 */
public final class RoutingDataSourceFactory implements ObjectFactory {

  /** What containers say of a resource themselves. */
  private static final Set<String> OF_CONTAINERS =
      Set.of("description", "scope", "auth", "singleton", "factory", "closeMethod", "name", "type");

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
    Map<String, String> settings = new TreeMap<>();
    Enumeration<RefAddr> addresses = reference.getAll();
    while (addresses.hasMoreElements()) {
      RefAddr address = addresses.nextElement();
      if (!OF_CONTAINERS.contains(address.getType())) {
        settings.put(address.getType(), String.valueOf(address.getContent()));
      }
    }
    try {
      return RoutingDataSource.of(settings);
    } catch (IllegalArgumentException e) {
      NamingException failure =
          new NamingException("resource %s: %s".formatted(name, e.getMessage()));
      failure.initCause(e);
      throw failure;
    }
  }
}
