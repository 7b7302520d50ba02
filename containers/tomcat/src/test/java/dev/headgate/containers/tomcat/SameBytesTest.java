package dev.headgate.containers.tomcat;

import dev.headgate.containers.laboratory.EmbeddedContainer;
import dev.headgate.containers.laboratory.SameBytesContract;

class SameBytesTest extends SameBytesContract {

  @Override
  protected EmbeddedContainer container() {
    return new EmbeddedTomcat();
  }
}
