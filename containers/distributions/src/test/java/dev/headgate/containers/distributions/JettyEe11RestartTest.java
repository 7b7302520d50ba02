package dev.headgate.containers.distributions;

import dev.headgate.containers.RestartContract;
import dev.headgate.containers.ServletContainer;

class JettyEe11RestartTest extends RestartContract {

  @Override
  protected ServletContainer container() {
    return Distribution.jettyEe11();
  }
}
