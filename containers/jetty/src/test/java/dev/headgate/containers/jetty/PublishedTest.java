package dev.headgate.containers.jetty;

import dev.headgate.containers.PublishedContract;
import dev.headgate.containers.ServletContainer;
import java.nio.file.Path;
import org.eclipse.jetty.jndi.NamingContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PublishedTest extends PublishedContract {

  @Override
  protected ServletContainer container() {
    return new EmbeddedJetty();
  }

  @Override
  protected boolean eachApplicationHasItsNames() {
    return false;
  }

  /** With deep binding, Jetty passes over a name that is taken. */
  @Test
  void twoApplicationsWithTheSameName_inDeepBinding(@TempDir Path folder) throws Exception {
    System.setProperty(NamingContext.DEEP_BINDING, "true");
    try {
      assertTwoApplications(folder);
    } finally {
      System.clearProperty(NamingContext.DEEP_BINDING);
    }
  }
}
