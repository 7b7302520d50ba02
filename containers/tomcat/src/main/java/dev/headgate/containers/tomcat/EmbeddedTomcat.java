package dev.headgate.containers.tomcat;

import dev.headgate.containers.WithoutHeadgate;
import dev.headgate.containers.laboratory.EmbeddedContainer;
import jakarta.servlet.ServletContainerInitializer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.catalina.Context;
import org.apache.catalina.Globals;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.LifecycleState;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.core.JreMemoryLeakPreventionListener;
import org.apache.catalina.startup.Tomcat;
import org.apache.catalina.util.ServerInfo;
import org.apache.coyote.http2.Http2Protocol;
import org.apache.tomcat.util.scan.StandardJarScanner;

/** Tomcat, of the version that the module takes. */
final class EmbeddedTomcat implements EmbeddedContainer {

  private static final AtomicInteger started = new AtomicInteger();

  @Override
  public Running start(Path webapp, Map<String, String> users) throws Exception {
    Connector connector = connector();
    Tomcat tomcat = tomcat(base(webapp), connector);
    tomcat.enableNaming();
    users.forEach(tomcat::addUser);
    tomcat.getHost().setParentClassLoader(new WithoutHeadgate());
    return start(tomcat, connector, add(tomcat, webapp));
  }

  @Override
  public Running start(Path folder, ServletContainerInitializer application, boolean compressing)
      throws Exception {
    Connector connector = connector();
    connector.addUpgradeProtocol(new Http2Protocol());
    connector.setProperty("useAsyncIO", Boolean.toString(readsAsynchronously()));
    connector.setProperty("compression", compressing ? "on" : "off");
    String name = "laboratory-" + started.incrementAndGet();
    Tomcat tomcat = tomcat(folder.resolveSibling(name), connector);
    // The names of its MBeans begin with this one. JNDI has no room for two Tomcats.
    tomcat.getEngine().setName(name);
    Context context = add(tomcat, folder);
    context.addServletContainerInitializer(application, Set.of());
    return start(tomcat, connector, context);
  }

  @Override
  public boolean endsStreamsThatItCuts() {
    return true;
  }

  /** Without a listener that answers; or it forgets the request, if that starts again. */
  @Override
  public boolean leavesFailedStartsUnanswered() {
    return true;
  }

  /** It forgets that the one before has failed only when the connection was idle in between. */
  @Override
  public boolean forgetsTimeouts() {
    return true;
  }

  /**
   * Returns whether connections of HTTP/2 are read as by default. On a busy machine Tomcat 10.1
   * then reads nothing of some of them.
   */
  private static boolean readsAsynchronously() {
    return !ServerInfo.getServerNumber().startsWith("10.");
  }

  private static Connector connector() {
    var connector = new Connector();
    connector.setPort(0);
    connector.setProperty("address", "127.0.0.1");
    return connector;
  }

  private static Tomcat tomcat(Path base, Connector connector) throws Exception {
    TomcatLog.listen();
    var tomcat = new Tomcat();
    // Next to the web application, and deleted with it.
    tomcat.setBaseDir(Files.createDirectories(base).toString());
    tomcat.setConnector(connector);
    // While its own thread looks after an application that is being stopped, Tomcat takes it for
    // one that the application has left.
    tomcat.getEngine().setBackgroundProcessorDelay(-1);
    // As in a Tomcat of its own: what the JDK starts once must not be the first application's.
    tomcat.getServer().addLifecycleListener(new JreMemoryLeakPreventionListener());
    return tomcat;
  }

  private static Context add(Tomcat tomcat, Path webapp) {
    Context context = tomcat.addWebapp("", webapp.toString());
    // Only what is in the web application, as in a Tomcat of its own.
    ((StandardJarScanner) context.getJarScanner()).setScanClassPath(false);
    return context;
  }

  private static Running start(Tomcat tomcat, Connector connector, Context context)
      throws Exception {
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
      public Deployed deploy(String path, Path another) {
        Context added = tomcat.addWebapp(path, another.toString());
        requireStarted(added);
        return new TomcatsDeployed(added);
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

  private record TomcatsDeployed(Context context) implements Deployed {

    @Override
    public ClassLoader loader() {
      return context.getLoader().getClassLoader();
    }

    /** Removing it ends it. */
    @Override
    public void undeploy() {
      context.getParent().removeChild(context);
    }
  }
}
