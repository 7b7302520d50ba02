package dev.headgate.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headgate.datasource.InvalidTenantIdException;
import dev.headgate.datasource.TenantId;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Several resolvers that have to name the same tenant. */
class AllAgreeTest {

  private static final TenantResolver NONE = request -> Optional.empty();
  private static final TenantResolver ACME = TenantResolver.fixed(TenantId.of("acme"));
  private static final TenantResolver GLOBEX = TenantResolver.fixed(TenantId.of("globex"));
  private static final TenantResolver MALFORMED = request -> Optional.of(TenantId.of("a b"));

  private final HttpServletRequest request = Mocks.request();
  private final StubApp app = new StubApp();

  @AfterEach
  void close() {
    app.close();
  }

  @Test
  void whatTheyAgreeOnIsTheTenant() {
    assertThat(TenantResolver.allAgree(ACME, ACME, ACME).resolve(request))
        .contains(TenantId.of("acme"));
  }

  @Test
  void differentTenantsAreRefused_whereverTheyStand() {
    assertThatThrownBy(() -> TenantResolver.allAgree(GLOBEX, ACME, ACME).resolve(request))
        .isInstanceOf(TenantRefusedException.class);
    assertThatThrownBy(() -> TenantResolver.allAgree(ACME, GLOBEX, ACME).resolve(request))
        .isInstanceOf(TenantRefusedException.class);
    assertThatThrownBy(() -> TenantResolver.allAgree(ACME, ACME, GLOBEX).resolve(request))
        .isInstanceOf(TenantRefusedException.class);
  }

  @Test
  void ifOneNamesNoneThereIsNone() {
    assertThat(TenantResolver.allAgree(NONE, ACME).resolve(request)).isEmpty();
    assertThat(TenantResolver.allAgree(ACME, NONE).resolve(request)).isEmpty();
    assertThat(TenantResolver.allAgree(ACME, NONE, GLOBEX).resolve(request)).isEmpty();
    assertThat(TenantResolver.allAgree(NONE, NONE).resolve(request)).isEmpty();
  }

  @Test
  void aMalformedNameIsRefusedAsSuch() {
    assertThatThrownBy(() -> TenantResolver.allAgree(ACME, GLOBEX, MALFORMED).resolve(request))
        .isInstanceOf(InvalidTenantIdException.class);
    assertThatThrownBy(() -> TenantResolver.allAgree(NONE, MALFORMED).resolve(request))
        .isInstanceOf(InvalidTenantIdException.class);
  }

  @Test
  void oneAloneIsRefused() {
    assertThatThrownBy(() -> TenantResolver.allAgree(ACME))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("give several");
    assertThatThrownBy(TenantResolver::allAgree).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> TenantResolver.allAgree(ACME, null))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("resolvers[1]");
  }

  @Test
  void oneThatReturnsNullIsNamed() {
    assertThatThrownBy(() -> TenantResolver.allAgree(ACME, any -> null).resolve(request))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("Optional.empty()");
  }

  @Test
  void itSaysWhatEachLooksAt() {
    assertThat(TenantResolver.allAgree(TenantResolver.header("X"), ACME))
        .hasToString("the header X, which has to be always acme");
  }

  @Test
  void overHttpDisagreementLooksLikeAnUnknownTenant() throws Exception {
    app.web
        .filter(
            UnitOfWorkFilter.builder(
                    app.dataSource,
                    TenantResolver.allAgree(
                        TenantResolver.subdomainOf("localhost"), TenantResolver.header("Tenant")))
                .build())
        .servlet("/*", (any, response) -> app.insert("a"))
        .start();

    Answer unknown = app.web.get("/", "Host: nobody.localhost", "Tenant: nobody");
    Answer refused = app.web.get("/", "Host: nobody.localhost", "Tenant: acme");

    assertThat(unknown.status()).isEqualTo(404);
    assertThat(refused.status()).isEqualTo(404);
    assertThat(refused.text()).isEqualTo(unknown.text());
    assertThat(app.web.get("/", "Host: acme.localhost", "Tenant: nobody").status()).isEqualTo(404);
    assertThat(app.web.get("/", "Host: acme.localhost").status()).isEqualTo(400);
    assertThat(app.stub.calls()).isEmpty();
    assertThat(app.web.get("/", "Host: acme.localhost", "Tenant: ACME").status()).isEqualTo(200);
  }
}
