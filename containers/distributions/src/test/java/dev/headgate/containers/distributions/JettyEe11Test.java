package dev.headgate.containers.distributions;

import dev.headgate.containers.ServletContainer;
import dev.headgate.containers.WarContract;

class JettyEe11Test extends WarContract {

  @Override
  protected ServletContainer container() {
    return Distribution.jettyEe11();
  }
}
