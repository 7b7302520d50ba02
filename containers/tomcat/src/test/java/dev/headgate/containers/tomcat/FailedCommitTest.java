package dev.headgate.containers.tomcat;

import dev.headgate.containers.answers.FailedCommitContract;
import dev.headgate.containers.laboratory.EmbeddedContainer;

class FailedCommitTest extends FailedCommitContract {

  @Override
  protected EmbeddedContainer container() {
    return new EmbeddedTomcat();
  }
}
