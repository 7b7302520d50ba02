package dev.headgate.filter;

import dev.headgate.datasource.RoutingDataSource;
import javax.naming.CompositeName;
import javax.naming.Context;
import javax.naming.InitialContext;
import javax.naming.Name;
import javax.naming.NameAlreadyBoundException;
import javax.naming.NamingException;
import javax.naming.NoInitialContextException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A data source's name in the initial JNDI context. */
@SuppressWarnings("BanJNDI") // The name comes from whoever deploys the application.
final class JndiBinding {

  private static final Logger log = LoggerFactory.getLogger(JndiBinding.class);

  /** The container's. Tomcat refuses to write there, and Jetty to take out what was written. */
  private static final String OF_CONTAINER = "java:";

  /** As a text: Jetty changes a {@link Name} that it is given. */
  private final String name;

  private JndiBinding(String name) {
    this.name = name;
  }

  /**
   * Binds a data source to a name that is free.
   *
   * @throws IllegalArgumentException if that can't be; the message begins with the name
   */
  static JndiBinding bind(String name, RoutingDataSource dataSource) {
    if (name.startsWith(OF_CONTAINER)) {
      throw new IllegalArgumentException(
          "%s can't be bound in JNDI: what begins with java: belongs to the container; give a name such"
                  .formatted(name)
              + " as jdbc/tenants, or let the container make the data source, as a Resource in"
              + " Tomcat");
    }
    try {
      Context initial = new InitialContext();
      createParents(initial, new CompositeName(name));
      initial.bind(name, dataSource);
      // With org.eclipse.jetty.jndi.deepBinding, Jetty passes over a name that is taken.
      if (initial.lookup(name) != dataSource) {
        throw new NameAlreadyBoundException(name);
      }
      return new JndiBinding(name);
    } catch (NamingException e) {
      throw new IllegalArgumentException(
          "%s can't be bound in JNDI: %s (%s)".formatted(name, advice(e), e), e);
    }
  }

  private static void createParents(Context initial, Name name) throws NamingException {
    for (int i = 1; i < name.size(); i++) {
      String parent = name.getPrefix(i).toString();
      try {
        initial.createSubcontext(parent);
      } catch (NameAlreadyBoundException e) {
        log.trace("JNDI has {}", parent, e);
      }
    }
  }

  private static String advice(NamingException failure) {
    if (failure instanceof NoInitialContextException) {
      return "this container has no JNDI, or it is switched off; leave the name out, or switch it on";
    }
    if (failure instanceof NameAlreadyBoundException) {
      return "it is taken, perhaps by another application; give each a name of its own";
    }
    return "the container refuses it";
  }

  /** Takes the name out of JNDI. */
  void unbind() {
    try {
      new InitialContext().unbind(name);
    } catch (NamingException e) {
      log.warn("{} can't be taken out of JNDI", name, e);
    }
  }
}
