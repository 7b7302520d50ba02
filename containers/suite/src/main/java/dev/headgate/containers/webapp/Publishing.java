package dev.headgate.containers.webapp;

import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.naming.InitialContext;
import javax.naming.NameNotFoundException;
import javax.naming.NamingException;

/**
 * Adds {@link PublishedServlet}, and writes at the end what JNDI still has under the name, which in
 * Tomcat only the application itself can see. It has to stand before the listener that it looks
 * after, to be told of the end after it.
 */
public final class Publishing implements ServletContextListener {

  @Override
  public void contextInitialized(ServletContextEvent event) {
    event
        .getServletContext()
        .addServlet("published", PublishedServlet.class)
        .addMapping("/published");
  }

  @Override
  public void contextDestroyed(ServletContextEvent event) {
    ServletContext context = event.getServletContext();
    try {
      Files.writeString(Path.of(context.getRealPath("/"), "WEB-INF", "left.txt"), left());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @SuppressWarnings("BanJNDI") // The name stands here.
  private static String left() {
    try {
      return String.valueOf(InitialContext.<Object>doLookup("jdbc/tenants"));
    } catch (NameNotFoundException e) {
      return "nothing";
    } catch (NamingException e) {
      return e.toString();
    }
  }
}
