package dev.headgate.containers.jetty;

import dev.headgate.containers.RedeployContract;
import dev.headgate.containers.ServletContainer;

class RedeployTest extends RedeployContract {

  @Override
  protected ServletContainer container() {
    return new EmbeddedJetty();
  }
}
