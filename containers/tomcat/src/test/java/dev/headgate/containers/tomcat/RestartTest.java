package dev.headgate.containers.tomcat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.containers.RestartContract;
import dev.headgate.containers.ServletContainer;
import java.util.List;

class RestartTest extends RestartContract {

  @Override
  protected ServletContainer container() {
    return new EmbeddedTomcat();
  }

  /** Tomcat looks for what an application leaves behind. */
  @Override
  protected void afterStop() {
    List<String> messages = TomcatLog.take();
    assertThat(messages)
        .as("that the stop was logged at all")
        .anyMatch(message -> message.contains("Stopping service"));
    assertThat(messages)
        .noneMatch(message -> message.contains("appears to have started a thread"))
        .noneMatch(message -> message.contains("created a ThreadLocal"))
        .noneMatch(message -> message.contains("--add-opens"));
  }
}
