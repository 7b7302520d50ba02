package dev.headgate.containers.distributions;

import dev.headgate.containers.RestartContract;
import dev.headgate.containers.ServletContainer;

class Tomcat11RestartTest extends RestartContract {

  private final Distribution tomcat = Distribution.tomcat11();

  @Override
  protected ServletContainer container() {
    return tomcat;
  }

  @Override
  protected void afterStop() {
    TomcatLog.assertNothingIsLeft(tomcat.log());
  }
}
