package dev.headgate.containers.stage;

import dev.headgate.containers.laboratory.EmbeddedContainer;
import jakarta.servlet.ServletContainerInitializer;
import jakarta.servlet.ServletContext;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;

/** A container whose applications get something more, in front of their filters. */
record Fronted(EmbeddedContainer container, Consumer<ServletContext> first)
    implements EmbeddedContainer {

  @Override
  public Running start(Path folder, ServletContainerInitializer application, boolean compressing)
      throws Exception {
    return container.start(
        folder,
        (classes, context) -> {
          first.accept(context);
          application.onStartup(classes, context);
        },
        compressing);
  }

  @Override
  public Running start(Path webapp, Map<String, String> users) throws Exception {
    return container.start(webapp, users);
  }
}
