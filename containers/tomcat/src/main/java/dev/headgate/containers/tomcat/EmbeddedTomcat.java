package dev.headgate.containers.tomcat;

import dev.headgate.containers.ServletContainer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.catalina.Context;
import org.apache.catalina.Globals;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.LifecycleState;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.util.scan.StandardJarScanner;

/** Tomcat, of the version that the module takes. */
final class EmbeddedTomcat implements ServletContainer {

  @Override
  public Running start(Path webapp, Map<String, String> users) throws Exception {
    TomcatLog.listen();
    var tomcat = new Tomcat();
    // Its work folder, next to the web application, is deleted with it.
    tomcat.setBaseDir(Files.createDirectories(base(webapp)).toString());
    tomcat.enableNaming();
    var connector = new Connector();
    connector.setPort(0);
    connector.setProperty("address", "127.0.0.1");
    tomcat.setConnector(connector);
    users.forEach(tomcat::addUser);
    Context context = tomcat.addWebapp("", webapp.toString());
    // Only what is in the WAR, as in a Tomcat of its own.
    ((StandardJarScanner) context.getJarScanner()).setScanClassPath(false);
    try {
      tomcat.start();
      requireStarted(context);
    } catch (Exception e) {
      end(tomcat);
      throw e;
    }
    return new Running() {
      @Override
      public int port() {
        return connector.getLocalPort();
      }

      @Override
      public void deploy(String path, Path another) {
        requireStarted(tomcat.addWebapp(path, another.toString()));
      }

      @Override
      public void stop() throws Exception {
        end(tomcat);
      }
    };
  }

  private static void end(Tomcat tomcat) throws LifecycleException {
    tomcat.stop();
    tomcat.destroy();
    // The next one would make this one's folder again.
    System.clearProperty(Globals.CATALINA_HOME_PROP);
    System.clearProperty(Globals.CATALINA_BASE_PROP);
  }

  /** Returns the folder of Tomcat itself, with an unpacked web application. */
  static Path base(Path webapp) {
    return webapp.resolveSibling("tomcat");
  }

  private static void requireStarted(Context context) {
    if (context.getState() != LifecycleState.STARTED) {
      throw new IllegalStateException(
          "the web application is %s: %s".formatted(context.getState(), TomcatLog.take()));
    }
  }
}
