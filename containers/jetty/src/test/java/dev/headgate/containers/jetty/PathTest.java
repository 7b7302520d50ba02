package dev.headgate.containers.jetty;

import dev.headgate.containers.PathContract;
import dev.headgate.containers.ServletContainer;

class PathTest extends PathContract {

  @Override
  protected ServletContainer container() {
    return new EmbeddedJetty();
  }
}
