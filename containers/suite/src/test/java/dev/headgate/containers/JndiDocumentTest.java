package dev.headgate.containers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What docs/jndi.md shows is what the containers run. */
class JndiDocumentTest {

  private static final Pattern BLOCK = Pattern.compile("(?ms)^```[a-z]+\n(.*?)^```$");
  private static final Pattern SNIPPET =
      Pattern.compile("// snippet\n(.*?)\n *// end of snippet", Pattern.DOTALL);
  private static final Path SERVLET =
      Path.of("src/main/java/dev/headgate/containers/webapp/PublishedServlet.java");

  private static List<String> found(Pattern pattern, String text) {
    return pattern
        .matcher(text)
        .results()
        .map(match -> match.group(1).stripIndent().strip())
        .toList();
  }

  @Test
  void everyBlockIsDeployed() throws IOException {
    List<String> deployed = new ArrayList<>(found(SNIPPET, Files.readString(SERVLET)));
    for (String name : JndiFiles.ALL) {
      deployed.add(JndiFiles.read(name).strip());
    }

    assertThat(found(BLOCK, Files.readString(Path.of("../../docs/jndi.md"))))
        .containsExactlyInAnyOrderElementsOf(deployed);
  }
}
