package dev.headgate.datasource;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.headgate.datasource.pool.Database;
import dev.headgate.fuzz.Drivers;
import dev.headgate.fuzz.Input;
import java.util.Optional;

/** URLs with a place for the tenant's name. */
class TemplateFuzzTest {

  /** The longest, and one with all that names have, which could also be a number. */
  private static final TenantId ONE = TenantId.of("a-" + "1".repeat(61));

  private static final TenantId OTHER = TenantId.of("3389");

  private static final String PLACE = "{tenant}";

  @FuzzTest
  void aNameChangesNothingButNames(byte[] input) throws Exception {
    String text = Input.text(input);
    if (text.contains(ONE.value()) || text.contains(OTHER.value())) {
      return; // they are left out below
    }
    TenantDirectory directory;
    try {
      directory = TenantDirectory.template(text);
    } catch (IllegalArgumentException e) {
      if (text.contains("canary")) {
        assertThat(e).message().doesNotContain("canary");
      }
      return;
    }
    Database one = directory.find(ONE).orElseThrow();
    Database other = directory.find(OTHER).orElseThrow();

    assertThat(one.url()).isEqualTo(text.replace(PLACE, ONE.value()));
    if (!hosts(text).contains(PLACE)) {
      assertThat(one.server()).isEqualTo(other.server());
    }
    assertThat(withoutName(one, ONE)).isEqualTo(withoutName(other, OTHER));
    assertThat(Drivers.apartFromNames(one.url())).isEqualTo(Drivers.apartFromNames(other.url()));
  }

  /** All that could be a host, and in H2's URLs says what they are. */
  private static String hosts(String url) {
    if (url.indexOf('(') >= 0) {
      return url;
    }
    int begin = url.indexOf("//");
    int end = begin < 0 ? -1 : url.indexOf('/', begin + 2);
    return end < 0 ? url : url.substring(0, end);
  }

  private static Optional<String> withoutName(Database database, TenantId tenant) {
    return database.server().map(server -> server.replace(tenant.value(), ""));
  }
}
