package dev.headgate.containers.distributions;

import dev.headgate.containers.ForwardContract;
import dev.headgate.containers.ServletContainer;

/** Tomcat 11 finishes the response of a forward in a way of its own. */
class Tomcat11ForwardTest extends ForwardContract {

  @Override
  protected ServletContainer container() {
    return Distribution.tomcat11();
  }
}
