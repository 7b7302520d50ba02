package dev.headgate.containers.tomcat;

import dev.headgate.containers.answers.StreamContract;
import dev.headgate.containers.laboratory.EmbeddedContainer;

class StreamTest extends StreamContract {

  @Override
  protected EmbeddedContainer container() {
    return new EmbeddedTomcat();
  }
}
