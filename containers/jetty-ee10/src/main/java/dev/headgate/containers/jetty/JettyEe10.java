package dev.headgate.containers.jetty;

import dev.headgate.containers.ServletContainer;
import java.nio.file.Path;
import java.util.Map;
import org.eclipse.jetty.ee10.webapp.WebAppContext;
import org.eclipse.jetty.security.HashLoginService;
import org.eclipse.jetty.security.UserStore;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.ContextHandlerCollection;
import org.eclipse.jetty.util.security.Password;

/** Jetty 12.1 with its environment for Jakarta EE 10. */
final class JettyEe10 implements ServletContainer {

  @Override
  public Running start(Path webapp, Map<String, String> users) throws Exception {
    var server = new Server();
    var connector = new ServerConnector(server);
    connector.setHost("127.0.0.1");
    server.addConnector(connector);
    WebAppContext context = context("/", webapp);
    var known = new UserStore();
    users.forEach((name, password) -> known.addUser(name, new Password(password), new String[0]));
    var logins = new HashLoginService();
    logins.setUserStore(known);
    context.getSecurityHandler().setLoginService(logins);
    var contexts = new ContextHandlerCollection(context);
    server.setHandler(contexts);
    try {
      server.start();
    } catch (Exception e) {
      server.stop();
      throw e;
    }
    return new Running() {
      @Override
      public int port() {
        return connector.getLocalPort();
      }

      @Override
      public void deploy(String path, Path another) throws Exception {
        WebAppContext added = context(path, another);
        contexts.addHandler(added);
        added.start();
      }

      @Override
      public void stop() throws Exception {
        server.stop();
      }
    };
  }

  private static WebAppContext context(String path, Path webapp) {
    var context = new WebAppContext();
    context.setContextPath(path);
    context.setBaseResourceAsPath(webapp);
    context.setThrowUnavailableOnStartupException(true);
    return context;
  }
}
