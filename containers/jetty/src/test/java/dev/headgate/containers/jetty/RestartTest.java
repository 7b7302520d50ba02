package dev.headgate.containers.jetty;

import dev.headgate.containers.RestartContract;
import dev.headgate.containers.ServletContainer;

class RestartTest extends RestartContract {

  @Override
  protected ServletContainer container() {
    return new EmbeddedJetty();
  }
}
