package dev.headgate.containers.jetty;

import dev.headgate.containers.laboratory.EmbeddedContainer;
import dev.headgate.containers.laboratory.SameBytesContract;

class SameBytesTest extends SameBytesContract {

  @Override
  protected EmbeddedContainer container() {
    return new EmbeddedJetty();
  }
}
