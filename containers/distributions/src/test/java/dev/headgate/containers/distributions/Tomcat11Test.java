package dev.headgate.containers.distributions;

import dev.headgate.containers.ServletContainer;
import dev.headgate.containers.WarContract;

class Tomcat11Test extends WarContract {

  @Override
  protected ServletContainer container() {
    return Distribution.tomcat11();
  }
}
