package dev.headgate.containers.tomcat;

import dev.headgate.containers.history.HistoryContract;
import dev.headgate.containers.laboratory.EmbeddedContainer;

class HistoryTest extends HistoryContract {

  @Override
  protected EmbeddedContainer container() {
    return new EmbeddedTomcat();
  }

  @Override
  protected boolean isTheQuickest() {
    return false;
  }
}
