package dev.headgate.containers.laboratory;

import dev.headgate.containers.ServletContainer;
import jakarta.servlet.ServletContainerInitializer;
import java.nio.file.Path;

/** A servlet container in this JVM. */
public interface EmbeddedContainer extends ServletContainer {

  /**
   * Starts the container with an application at the root whose classes are those of the tests, for
   * HTTP/1.1 and, with prior knowledge, HTTP/2, on a free port of 127.0.0.1 alone. Several may run
   * at once.
   *
   * @param folder has the static files and the {@code WEB-INF/web.xml}
   * @param application adds the filters and the servlets
   * @param compressing whether text is compressed for who accepts it
   */
  Running start(Path folder, ServletContainerInitializer application, boolean compressing)
      throws Exception;

  /** Returns whether it ends a stream of HTTP/2 before it resets it, so that it looks whole. */
  default boolean endsStreamsThatItCuts() {
    return false;
  }

  /** Returns whether it may close the connection if a servlet throws after {@code startAsync}. */
  default boolean leavesFailedStartsUnanswered() {
    return false;
  }

  /**
   * Returns whether it may close the connection if a request times out that has come on it right
   * after one that has failed, too.
   */
  default boolean forgetsTimeouts() {
    return false;
  }

  /** Returns whether an error page has the encoding that was set before the servlet failed. */
  default boolean keepsEncodingForErrorPages() {
    return true;
  }
}
