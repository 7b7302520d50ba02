package dev.headgate.containers.tomcat;

import dev.headgate.containers.ResourceContract;
import dev.headgate.containers.ServletContainer;
import java.nio.file.Path;

class ResourceTest extends ResourceContract {

  @Override
  protected ServletContainer container() {
    return new EmbeddedTomcat();
  }

  @Override
  protected Path base(Path webapp) {
    return EmbeddedTomcat.base(webapp);
  }
}
