package dev.headgate.containers;

import java.nio.file.Path;
import java.util.Map;

/** A way to run a web application. */
@FunctionalInterface
public interface ServletContainer {

  /**
   * Starts the container with an unpacked web application at the root, on a free port of 127.0.0.1
   * alone. Returns when requests are answered; an application that can't start is an exception. In
   * the JVM of the application, {@code h2.baseDir} has to be what it is in this one.
   *
   * @param users the passwords of those who can log in
   */
  Running start(Path webapp, Map<String, String> users) throws Exception;

  /** A container that has been started. */
  interface Running {

    /** Returns the port that it listens on. */
    int port();

    /**
     * Starts another unpacked web application, at this path; one that can't start is an exception,
     * and leaves the others as they are.
     */
    Deployed deploy(String path, Path webapp) throws Exception;

    /** Stops it, and returns when its web application has ended. */
    void stop() throws Exception;
  }

  /** A web application that was started beside another one. */
  interface Deployed {

    ClassLoader loader();

    /** Ends it, and has the container forget it. */
    void undeploy() throws Exception;
  }
}
