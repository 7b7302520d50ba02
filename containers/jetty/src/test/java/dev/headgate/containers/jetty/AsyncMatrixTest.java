package dev.headgate.containers.jetty;

import dev.headgate.containers.async.AsyncMatrixContract;
import dev.headgate.containers.laboratory.EmbeddedContainer;

class AsyncMatrixTest extends AsyncMatrixContract {

  @Override
  protected EmbeddedContainer container() {
    return new EmbeddedJetty();
  }
}
