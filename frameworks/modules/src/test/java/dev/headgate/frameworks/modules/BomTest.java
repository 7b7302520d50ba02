package dev.headgate.frameworks.modules;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The BOM stands for all that is published, and repeats nothing wrongly. */
class BomTest {

  private final Pom parent = Pom.in(Path.of("../.."));
  private final Pom bom = Pom.in(Path.of("../../bom"));

  @Test
  void everyPublishedModule_isManagedWithTheVersionOfAll() {
    Map<String, String> published = new LinkedHashMap<>();
    for (Pom module : published(parent)) {
      if (!module.artifactId().equals(bom.artifactId())) {
        published.put(module.artifactId(), parent.version());
      }
    }
    assertThat(published).containsKeys("headgate-datasource", "headgate-filter");
    assertThat(bom.managed()).containsExactlyInAnyOrderEntriesOf(published);
  }

  @Test
  void itself_isPublishedWithTheVersionOfAll() {
    assertThat(published(parent)).extracting(Pom::artifactId).contains(bom.artifactId());
    assertThat(bom.version()).isEqualTo(parent.version());
  }

  @Test
  void itsPlugins_areThoseOfTheParent() {
    assertThat(bom.plugins()).isNotEmpty();
    assertThat(parent.plugins()).containsAllEntriesOf(bom.plugins());
  }

  /** The published modules below this one; none is below one that is not published. */
  private static List<Pom> published(Pom pom) {
    List<Pom> found = new ArrayList<>();
    for (Pom module : pom.modules()) {
      if (!module.isUnpublished()) {
        found.add(module);
        found.addAll(published(module));
      }
    }
    return found;
  }
}
