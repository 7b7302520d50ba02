package dev.headgate.containers.tomcat;

import dev.headgate.containers.answers.SilenceContract;
import dev.headgate.containers.laboratory.EmbeddedContainer;

class SilenceTest extends SilenceContract {

  @Override
  protected EmbeddedContainer container() {
    return new EmbeddedTomcat();
  }
}
