package dev.headgate.containers.distributions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A container without its application is none that has started. */
class StartFailureTest {

  private static final String WEB_XML =
      """
      <web-app xmlns="https://jakarta.ee/xml/ns/jakartaee" version="6.0">
        <listener><listener-class>not.there.Listener</listener-class></listener>
      </web-app>
      """;

  @TempDir private Path folder;

  static Stream<Distribution> distributions() {
    return Stream.of(Distribution.tomcat11(), Distribution.jettyEe11());
  }

  @ParameterizedTest
  @MethodSource("distributions")
  void anApplicationThatDoesNotStartIsReportedWithTheReason(Distribution distribution)
      throws Exception {
    Path webapp = folder.resolve("webapp");
    Files.writeString(
        Files.createDirectories(webapp.resolve("WEB-INF")).resolve("web.xml"), WEB_XML);

    assertThatThrownBy(() -> distribution.start(webapp, Map.of()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("the web application does not answer: status ")
        .hasMessageContaining("ClassNotFoundException: not.there.Listener");

    assertThat(javas()).isEmpty();
  }

  /** PostgreSQL's processes may come and go. */
  private static Stream<ProcessHandle> javas() {
    return ProcessHandle.current()
        .descendants()
        .filter(process -> process.info().command().orElse("").endsWith("java"));
  }
}
