package dev.headgate.datasource;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.headgate.fuzz.Input;
import java.util.Locale;

/** The identifiers of tenants. */
class TenantIdFuzzTest {

  private static final String LABEL = "[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?";

  @FuzzTest
  void anIdentifierIsALabelInSmallLetters(byte[] input) {
    String text = Input.text(input);
    TenantId tenant;
    try {
      tenant = TenantId.of(text);
    } catch (InvalidTenantIdException e) {
      assertThat(text).doesNotMatch(LABEL);
      assertThat(e)
          .message()
          .matches(
              "a tenant identifier (has 1 to 63 characters, not (none|\\d+)|consists of letters a to z, digits, and hyphens inside)");
      return;
    }
    assertThat(text).matches(LABEL);
    assertThat(tenant.value()).isEqualTo(text.toLowerCase(Locale.ROOT));
    assertThat(TenantId.of(tenant.value())).isEqualTo(tenant);
    assertThat(TenantId.of(text.toUpperCase(Locale.ROOT))).isEqualTo(tenant);
  }
}
