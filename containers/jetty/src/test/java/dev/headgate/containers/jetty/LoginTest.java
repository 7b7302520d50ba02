package dev.headgate.containers.jetty;

import dev.headgate.containers.LoginContract;
import dev.headgate.containers.ServletContainer;

class LoginTest extends LoginContract {

  @Override
  protected ServletContainer container() {
    return new EmbeddedJetty();
  }
}
