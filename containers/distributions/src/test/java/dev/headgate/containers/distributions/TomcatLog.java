package dev.headgate.containers.distributions;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

/** What Tomcat logs about an application that has ended: it looks for what is left of it. */
final class TomcatLog {

  private TomcatLog() {}

  static void assertNothingIsLeft(String log) {
    List<String> warnings =
        log.lines()
            .filter(line -> line.contains(" WARNING [") || line.contains(" SEVERE ["))
            // What the servlets throw, which the suite has them do.
            .filter(
                line -> !line.contains(" org.apache.catalina.core.StandardWrapperValve.invoke "))
            .toList();
    assertThat(log).as("that Tomcat has come to its end").contains("Stopping service");
    assertThat(warnings).isEmpty();
  }
}
