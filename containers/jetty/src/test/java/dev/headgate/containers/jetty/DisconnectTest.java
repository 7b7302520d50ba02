package dev.headgate.containers.jetty;

import dev.headgate.containers.answers.DisconnectContract;
import dev.headgate.containers.laboratory.EmbeddedContainer;

class DisconnectTest extends DisconnectContract {

  @Override
  protected EmbeddedContainer container() {
    return new EmbeddedJetty();
  }
}
