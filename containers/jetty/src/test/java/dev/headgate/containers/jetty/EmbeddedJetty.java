package dev.headgate.containers.jetty;

import dev.headgate.containers.ServletContainer;
import java.nio.file.Path;
import java.util.Map;
import org.eclipse.jetty.security.HashLoginService;
import org.eclipse.jetty.security.LoginService;
import org.eclipse.jetty.security.UserStore;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.ContextHandlerCollection;
import org.eclipse.jetty.util.security.Password;

/** Jetty 12.1 with the environment that the module takes. */
final class EmbeddedJetty implements ServletContainer {

  @Override
  public Running start(Path webapp, Map<String, String> users) throws Exception {
    var server = new Server();
    var connector = new ServerConnector(server);
    connector.setHost("127.0.0.1");
    server.addConnector(connector);
    var known = new UserStore();
    users.forEach((name, password) -> known.addUser(name, new Password(password), new String[0]));
    var logins = new HashLoginService();
    logins.setUserStore(known);
    var contexts = new ContextHandlerCollection(application("/", webapp, logins));
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
        Application added = application(path, another, logins);
        contexts.addHandler(added);
        added.start();
      }

      @Override
      public void stop() throws Exception {
        server.stop();
      }
    };
  }

  private static Application application(String path, Path webapp, LoginService logins) {
    var application = new Application();
    application.setContextPath(path);
    application.setBaseResourceAsPath(webapp);
    application.setThrowUnavailableOnStartupException(true);
    application.getSecurityHandler().setLoginService(logins);
    return application;
  }
}
