package dev.headgate.containers.tomcat;

import dev.headgate.containers.LoginContract;
import dev.headgate.containers.ServletContainer;

class LoginTest extends LoginContract {

  @Override
  protected ServletContainer container() {
    return new EmbeddedTomcat();
  }
}
