package dev.headgate.containers.tomcat;

import dev.headgate.containers.answers.ErrorPageContract;
import dev.headgate.containers.laboratory.EmbeddedContainer;

class ErrorPageTest extends ErrorPageContract {

  @Override
  protected EmbeddedContainer container() {
    return new EmbeddedTomcat();
  }
}
