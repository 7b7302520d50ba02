package dev.headgate.filter;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.headgate.datasource.InvalidTenantIdException;
import dev.headgate.datasource.TenantId;
import dev.headgate.fuzz.Input;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A header, the session and the user, which have the identifier as it is. */
class HeaderFuzzTest {

  private static final TenantResolver HEADER = TenantResolver.header("Tenant");

  private static HttpServletRequest request(String... headers) {
    String text = headers[0];
    return Requests.answering(
        Map.of(
            "header Tenant",
            List.of(headers),
            "header Other",
            List.of("acme"),
            "getSession",
            Requests.session(text),
            "getUserPrincipal",
            Requests.user(text)));
  }

  /** Returns the tenant; none if the request is refused. */
  private static Optional<TenantId> tenant(TenantResolver resolver, HttpServletRequest request) {
    try {
      Optional<TenantId> tenant = resolver.resolve(request);
      assertThat(tenant).isPresent();
      return tenant;
    } catch (InvalidTenantIdException | TenantRefusedException e) {
      return Optional.empty();
    }
  }

  private static Optional<TenantId> identifier(String text) {
    try {
      return Optional.of(TenantId.of(text));
    } catch (InvalidTenantIdException e) {
      return Optional.empty();
    }
  }

  @FuzzTest
  void whoeverNamesTheTenant_itIsTheSame(byte[] input) {
    String text = Input.text(input);
    Optional<TenantId> expected = identifier(text);

    for (TenantResolver resolver :
        List.of(HEADER, TenantResolver.sessionAttribute("tenant"), TenantResolver.principal())) {
      assertThat(tenant(resolver, request(text))).as(resolver.toString()).isEqualTo(expected);
    }
    assertThat(tenant(HEADER, request(text, "acme"))).isEmpty();
    assertThat(tenant(HEADER, request("acme", text))).isEmpty();
    assertThat(
            tenant(TenantResolver.allAgree(HEADER, TenantResolver.header("Other")), request(text)))
        .isEqualTo(expected.filter(TenantId.of("acme")::equals));
  }
}
