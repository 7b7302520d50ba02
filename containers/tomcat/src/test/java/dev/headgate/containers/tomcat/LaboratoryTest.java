package dev.headgate.containers.tomcat;

import dev.headgate.containers.laboratory.EmbeddedContainer;
import dev.headgate.containers.laboratory.LaboratoryContract;

class LaboratoryTest extends LaboratoryContract {

  @Override
  protected EmbeddedContainer container() {
    return new EmbeddedTomcat();
  }
}
