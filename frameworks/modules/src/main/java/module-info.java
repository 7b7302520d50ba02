import org.jspecify.annotations.NullMarked;

/** A small application in a named module. That it needs a JDBC driver, it does not say. */
@NullMarked
module dev.headgate.frameworks.modules {
  requires dev.headgate.filter;
  requires dev.headgate.hibernate;
  requires jakarta.persistence;
  requires org.eclipse.jetty.ee10.servlet;
  requires static org.jspecify;

  opens dev.headgate.frameworks.modules to
      org.hibernate.orm.core;
}
