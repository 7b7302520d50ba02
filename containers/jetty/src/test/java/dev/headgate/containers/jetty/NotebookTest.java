package dev.headgate.containers.jetty;

import dev.headgate.containers.NotebookContract;
import dev.headgate.containers.ServletContainer;

class NotebookTest extends NotebookContract {

  @Override
  protected ServletContainer container() {
    return new EmbeddedJetty();
  }
}
