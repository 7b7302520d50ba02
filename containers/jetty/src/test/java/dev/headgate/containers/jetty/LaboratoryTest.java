package dev.headgate.containers.jetty;

import dev.headgate.containers.laboratory.EmbeddedContainer;
import dev.headgate.containers.laboratory.LaboratoryContract;

class LaboratoryTest extends LaboratoryContract {

  @Override
  protected EmbeddedContainer container() {
    return new EmbeddedJetty();
  }
}
