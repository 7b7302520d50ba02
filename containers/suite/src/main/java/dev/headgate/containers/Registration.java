package dev.headgate.containers;

import dev.headgate.containers.webapp.CodeRegistration;
import java.io.IOException;

/** How the filter and the servlets get into the web application. */
enum Registration {

  /** The WAR's own web.xml. */
  WEB_XML("web.xml") {
    @Override
    void apply(Webapp webapp) {}
  },

  /** The builder and {@code context.addFilter} in a listener, with nothing else in the web.xml. */
  CODE("code") {
    @Override
    void apply(Webapp webapp) throws IOException {
      webapp.clearWebXml();
      webapp.add(CodeRegistration.class);
    }
  };

  private final String text;

  Registration(String text) {
    this.text = text;
  }

  abstract void apply(Webapp webapp) throws IOException;

  @Override
  public String toString() {
    return text;
  }
}
