package dev.headgate.containers.jetty;

import dev.headgate.containers.history.HistoryContract;
import dev.headgate.containers.laboratory.EmbeddedContainer;

class HistoryTest extends HistoryContract {

  @Override
  protected EmbeddedContainer container() {
    return new EmbeddedJetty();
  }

  @Override
  protected boolean isTheQuickest() {
    return Application.class.getSuperclass().getName().contains(".ee11.");
  }
}
