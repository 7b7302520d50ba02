package dev.headgate.containers.tomcat;

import dev.headgate.containers.PublishedContract;
import dev.headgate.containers.ServletContainer;

class PublishedTest extends PublishedContract {

  @Override
  protected ServletContainer container() {
    return new EmbeddedTomcat();
  }

  @Override
  protected boolean eachApplicationHasItsNames() {
    return true;
  }
}
