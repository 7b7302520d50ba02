package dev.headgate.containers.tomcat;

import dev.headgate.containers.ForwardContract;
import dev.headgate.containers.ServletContainer;

class ForwardTest extends ForwardContract {

  @Override
  protected ServletContainer container() {
    return new EmbeddedTomcat();
  }
}
