package dev.headgate.containers.jetty;

import dev.headgate.containers.answers.ErrorPageContract;
import dev.headgate.containers.laboratory.EmbeddedContainer;

class ErrorPageTest extends ErrorPageContract {

  @Override
  protected EmbeddedContainer container() {
    return new EmbeddedJetty();
  }
}
