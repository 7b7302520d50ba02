package dev.headgate.containers.tomcat;

import dev.headgate.containers.PathContract;
import dev.headgate.containers.ServletContainer;

class PathTest extends PathContract {

  @Override
  protected ServletContainer container() {
    return new EmbeddedTomcat();
  }
}
