package dev.headgate.containers.webapp;

import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;

/**
 * Adds two servlets of which one forwards to the other. Tomcat finishes the response at the end of
 * a forward, before the filter can know how the request ends.
 */
public final class Forwarding implements ServletContextListener {

  @Override
  public void contextInitialized(ServletContextEvent event) {
    ServletContext context = event.getServletContext();
    context.addServlet("forward", ForwardServlet.class).addMapping("/forward");
    context.addServlet("forwarded", ForwardedServlet.class).addMapping("/forwarded");
  }
}
