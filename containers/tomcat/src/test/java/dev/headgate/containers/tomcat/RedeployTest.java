package dev.headgate.containers.tomcat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.containers.RedeployContract;
import dev.headgate.containers.ServletContainer;

class RedeployTest extends RedeployContract {

  @Override
  protected ServletContainer container() {
    return new EmbeddedTomcat();
  }

  /** Tomcat looks for what an application leaves behind: threads, thread locals and drivers. */
  @Override
  protected void afterStop() {
    assertThat(TomcatLog.take())
        .noneMatch(message -> message.startsWith("The web application ["))
        .noneMatch(message -> message.contains("--add-opens"));
  }
}
