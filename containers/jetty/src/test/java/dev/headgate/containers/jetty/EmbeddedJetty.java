package dev.headgate.containers.jetty;

import dev.headgate.containers.WithoutHeadgate;
import dev.headgate.containers.laboratory.EmbeddedContainer;
import jakarta.servlet.ServletContainerInitializer;
import java.nio.file.Path;
import java.util.Map;
import org.eclipse.jetty.compression.gzip.GzipCompression;
import org.eclipse.jetty.compression.server.CompressionConfig;
import org.eclipse.jetty.compression.server.CompressionHandler;
import org.eclipse.jetty.ee.webapp.WebAppClassLoader;
import org.eclipse.jetty.http2.server.HTTP2CServerConnectionFactory;
import org.eclipse.jetty.security.HashLoginService;
import org.eclipse.jetty.security.LoginService;
import org.eclipse.jetty.security.UserStore;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.ContextHandlerCollection;
import org.eclipse.jetty.util.security.Password;

/** Jetty 12.1 with the environment that the module takes. */
final class EmbeddedJetty implements EmbeddedContainer {

  @Override
  public Running start(Path webapp, Map<String, String> users) throws Exception {
    LoginService logins = logins(users);
    var contexts = new ContextHandlerCollection();
    contexts.addHandler(application("/", webapp, logins));
    var server = new Server();
    return start(server, new ServerConnector(server), contexts, contexts, logins);
  }

  @Override
  public Running start(Path folder, ServletContainerInitializer initializer, boolean compressing)
      throws Exception {
    LoginService logins = logins(Map.of());
    Application application = application("/", folder, logins);
    // In place of the loader that hides Headgate.
    application.setClassLoader(new WebAppClassLoader(application));
    application.addServletContainerInitializer(initializer);
    application.setInitParameter("org.eclipse.jetty.servlet.Default.etags", "true");
    var contexts = new ContextHandlerCollection();
    contexts.addHandler(application);
    var server = new Server();
    var http = new HttpConfiguration();
    var connector =
        new ServerConnector(
            server, new HttpConnectionFactory(http), new HTTP2CServerConnectionFactory(http));
    return start(
        server, connector, compressing ? compressing(contexts) : contexts, contexts, logins);
  }

  @Override
  public boolean keepsEncodingForErrorPages() {
    return false;
  }

  private static LoginService logins(Map<String, String> users) {
    var known = new UserStore();
    users.forEach((name, password) -> known.addUser(name, new Password(password), new String[0]));
    var logins = new HashLoginService();
    logins.setUserStore(known);
    return logins;
  }

  private static Handler compressing(Handler handler) {
    var compressing = new CompressionHandler(handler);
    compressing.putCompression(new GzipCompression());
    compressing.putConfiguration("/*", CompressionConfig.builder().defaults().build());
    return compressing;
  }

  private static Running start(
      Server server,
      ServerConnector connector,
      Handler handler,
      ContextHandlerCollection contexts,
      LoginService logins)
      throws Exception {
    connector.setHost("127.0.0.1");
    server.addConnector(connector);
    server.setHandler(handler);
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
      public Deployed deploy(String path, Path another) throws Exception {
        Application added = application(path, another, logins);
        contexts.addHandler(added);
        added.start();
        return new JettysDeployed(contexts, added);
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
    application.setClassLoader(new WebAppClassLoader(new WithoutHeadgate(), application));
    return application;
  }

  private record JettysDeployed(ContextHandlerCollection contexts, Application application)
      implements Deployed {

    @Override
    public ClassLoader loader() {
      return application.getClassLoader();
    }

    @Override
    public void undeploy() throws Exception {
      application.stop();
      contexts.removeHandler(application);
      application.destroy();
    }
  }
}
