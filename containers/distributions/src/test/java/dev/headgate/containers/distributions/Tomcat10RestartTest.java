package dev.headgate.containers.distributions;

import dev.headgate.containers.RestartContract;
import dev.headgate.containers.ServletContainer;

class Tomcat10RestartTest extends RestartContract {

  private final Distribution tomcat = Distribution.tomcat10();

  @Override
  protected ServletContainer container() {
    return tomcat;
  }

  @Override
  protected void afterStop() {
    TomcatLog.assertNothingIsLeft(tomcat.log());
  }
}
