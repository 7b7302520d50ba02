package dev.headgate.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headgate.datasource.InvalidTenantIdException;
import dev.headgate.datasource.TenantId;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Several resolvers, and the one that always says the same. */
class FirstOfTest {

  private static final TenantResolver NONE = request -> Optional.empty();
  private static final TenantResolver ACME = TenantResolver.fixed(TenantId.of("acme"));
  private static final TenantResolver GLOBEX = TenantResolver.fixed(TenantId.of("globex"));
  private static final TenantResolver MALFORMED =
      request -> Optional.of(TenantId.of("not a tenant"));

  private final HttpServletRequest request = Mocks.request();
  private final StubApp app = new StubApp();

  @AfterEach
  void close() {
    app.close();
  }

  @Test
  void aFixedOneSaysTheSameForEachRequest() {
    assertThat(ACME.resolve(request)).contains(TenantId.of("acme"));
  }

  @Test
  void aFixedOneNeedsATenant() {
    assertThatThrownBy(() -> TenantResolver.fixed(null))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("tenant");
  }

  @Test
  void theFirstThatNamesATenantCounts() {
    assertThat(TenantResolver.firstOf(NONE, ACME, GLOBEX).resolve(request))
        .contains(TenantId.of("acme"));
    assertThat(TenantResolver.firstOf(GLOBEX, ACME).resolve(request))
        .contains(TenantId.of("globex"));
    assertThat(TenantResolver.firstOf(ACME).resolve(request)).contains(TenantId.of("acme"));
  }

  @Test
  void thoseBehindAreNotAsked() {
    TenantResolver never =
        any -> {
          throw new AssertionError();
        };

    assertThat(TenantResolver.firstOf(ACME, never).resolve(request)).isPresent();
  }

  @Test
  void ifNoneNamesATenantThereIsNone() {
    assertThat(TenantResolver.firstOf(NONE, NONE).resolve(request)).isEmpty();
  }

  @Test
  void aMalformedNameIsRefusedAndNotSkipped() {
    assertThatThrownBy(() -> TenantResolver.firstOf(NONE, MALFORMED, ACME).resolve(request))
        .isInstanceOf(InvalidTenantIdException.class);
  }

  @Test
  void oneThatReturnsNullIsNamed() {
    TenantResolver broken =
        new TenantResolver() {
          @Override
          public Optional<TenantId> resolve(HttpServletRequest any) {
            return null;
          }

          @Override
          public String toString() {
            return "the broken one";
          }
        };

    assertThatThrownBy(() -> TenantResolver.firstOf(NONE, broken, ACME).resolve(request))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("the broken one")
        .hasMessageContaining("Optional.empty()");
  }

  @Test
  void noneAtAllAreRefused() {
    assertThatThrownBy(TenantResolver::firstOf)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("there is no resolver");
  }

  @Test
  void nullIsRefused() {
    assertThatThrownBy(() -> TenantResolver.firstOf((TenantResolver[]) null))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("resolvers");
    assertThatThrownBy(() -> TenantResolver.firstOf(ACME, null))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("resolvers[1]");
  }

  @Test
  void laterChangesOfTheArrayChangeNothing() {
    TenantResolver[] resolvers = {ACME};
    TenantResolver first = TenantResolver.firstOf(resolvers);
    resolvers[0] = GLOBEX;

    assertThat(first.resolve(request)).contains(TenantId.of("acme"));
  }

  @Test
  void overHttpAMalformedNameIs400AndALambdaThatReturnsNull500() throws Exception {
    app.web
        .filter(
            UnitOfWorkFilter.builder(
                    app.dataSource,
                    TenantResolver.firstOf(
                        TenantResolver.header("Tenant"),
                        any -> any.getHeader("Broken") == null ? Optional.empty() : null,
                        ACME))
                .build())
        .servlet("/*", (any, response) -> app.insert("a"))
        .start();

    assertThat(app.web.get("/", "Tenant: a b").status()).isEqualTo(400);
    assertThat(app.web.get("/", "Tenant: nobody").status()).isEqualTo(404);
    assertThat(app.web.get("/", "Broken: yes").status()).isEqualTo(500);
    assertThat(app.stub.calls()).isEmpty();
    assertThat(app.web.get("/").status()).isEqualTo(200);
    assertThat(app.stub.committed()).containsExactly("a");
  }

  @Test
  void eachSaysWhatItLooksAt() {
    assertThat(ACME).hasToString("always acme");
    assertThat(TenantResolver.host(host -> Optional.empty()))
        .hasToString("what a function says of the host name");
    assertThat(TenantResolver.hosts(Map.of("a.example", "acme", "b.example", "acme")))
        .hasToString("that of the host name, of which 2 are known");
    assertThat(TenantResolver.pathSegment()).hasToString("the first segment of the path");
    assertThat(TenantResolver.strippedPathSegment())
        .hasToString("the first segment of the path, which is taken off it");
    assertThat(TenantResolver.sessionAttribute("tenant"))
        .hasToString("the session attribute tenant");
    assertThat(TenantResolver.principal()).hasToString("the name of the user");
    assertThat(TenantResolver.principal(user -> Optional.empty()))
        .hasToString("what a function says of the user");
    assertThat(TenantResolver.firstOf(TenantResolver.header("X"), TenantResolver.principal(), ACME))
        .hasToString("the header X, or the name of the user, or always acme");
  }
}
