package dev.headgate.example;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class WithoutTenantTest {

  private final WithoutTenant withoutTenant = new WithoutTenant();

  @Test
  void bareHost_needsNoTenant() {
    assertThat(withoutTenant.test(StubRequest.to("localhost", ""))).isTrue();
    assertThat(withoutTenant.test(StubRequest.to("127.0.0.1", "/pools.json"))).isTrue();
  }

  @Test
  void notes_needOneOnABareHostToo() {
    assertThat(withoutTenant.test(StubRequest.to("localhost", "/notes"))).isFalse();
    assertThat(withoutTenant.test(StubRequest.to("[::1]", "/notes"))).isFalse();
  }

  @Test
  void everyOtherHost_needsOne() {
    assertThat(withoutTenant.test(StubRequest.to("acme.localhost", ""))).isFalse();
    assertThat(withoutTenant.test(StubRequest.to("example.com", "/pools.json"))).isFalse();
  }
}
