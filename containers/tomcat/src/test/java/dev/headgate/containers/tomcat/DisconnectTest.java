package dev.headgate.containers.tomcat;

import dev.headgate.containers.answers.DisconnectContract;
import dev.headgate.containers.laboratory.EmbeddedContainer;

class DisconnectTest extends DisconnectContract {

  @Override
  protected EmbeddedContainer container() {
    return new EmbeddedTomcat();
  }
}
