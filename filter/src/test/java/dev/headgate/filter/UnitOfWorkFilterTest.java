package dev.headgate.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headgate.datasource.TenantId;
import dev.headgate.datasource.UnitOfWork;
import dev.headgate.faults.Fault;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Level;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.MDC;

/** The filter without a container around it. */
class UnitOfWorkFilterTest {

  private final StubApp app = new StubApp();
  private final UnitOfWorkFilter filter =
      UnitOfWorkFilter.builder(app.dataSource, TenantResolver.header("Tenant")).build();

  @BeforeEach
  void init() throws ServletException {
    filter.init(Mocks.config());
  }

  @AfterEach
  void close() {
    app.close();
  }

  private void assertNoScope() {
    assertThatThrownBy(app.dataSource::current).isInstanceOf(IllegalStateException.class);
    assertThat(MDC.get("tenant")).isNull();
  }

  private FilterChain inserting(String token) {
    return (request, response) -> {
      try {
        app.insert(token);
      } catch (SQLException e) {
        throw new ServletException(e);
      }
    };
  }

  @Test
  void itDoesNotJoinAUnitThatWasLeftOpenOnTheThread() throws Exception {
    TenantId acme = TenantId.of("acme");
    try (UnitOfWork leftOpen = app.dataSource.begin(acme)) {
      assertThatThrownBy(
              () -> filter.doFilter(Mocks.request("acme"), Mocks.response(), inserting("a")))
          .isInstanceOf(IllegalStateException.class);
      assertThat(leftOpen.outcomes()).isEmpty();
    }
    assertThat(app.stub.committed()).isEmpty();
    assertNoScope();
  }

  @Test
  void aListenerThatThrowsLeavesNoUnitBehind() {
    IllegalStateException failure = new IllegalStateException("from an attribute listener");
    Mocks.Request request = Mocks.request("acme").answers("setAttribute", failure);

    assertThatThrownBy(() -> filter.doFilter(request, Mocks.response(), inserting("a")))
        .isSameAs(failure);
    assertNoScope();
  }

  @Test
  void aResponseThatFailsToTellItsHeadersLeavesNoUnitBehind() {
    ServletResponse broken =
        (ServletResponse)
            Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {HttpServletResponse.class},
                (self, method, args) -> {
                  throw new IllegalStateException("recycled");
                });

    assertThatThrownBy(() -> filter.doFilter(Mocks.request("acme"), broken, inserting("a")))
        .hasMessage("recycled");
    assertNoScope();
  }

  /** Besides what the pool says of its database. */
  @Test
  void requestsOfATenantThatIsDownFillNoLog() throws Exception {
    app.stub
        .arm(
            call -> call.startsWith("Driver.connect"),
            Fault.throwBefore(() -> new SQLException("down", "08001")))
        .always();
    long begun = System.nanoTime();
    try (KeptLogs logs = new KeptLogs()) {
      for (int i = 0; i < 300; i++) {
        HttpServletResponse response = Mocks.response();
        filter.doFilter(Mocks.request("acme"), response, inserting("a"));
        assertThat(response.getStatus()).isEqualTo(503);
      }
      long seconds = Duration.ofNanos(System.nanoTime() - begun).toSeconds();
      assertThat(logs.lines(Level.WARNING)).hasSizeBetween(1, (int) seconds + 3);
    }
  }

  @Test
  void aCircularCauseIsNotFollowedForever() {
    RuntimeException first = new IllegalStateException("first");
    first.initCause(new IllegalStateException("second", first));

    assertThatThrownBy(
            () ->
                filter.doFilter(
                    Mocks.request("acme"),
                    Mocks.response(),
                    (request, response) -> {
                      throw first;
                    }))
        .isSameAs(first);
    assertNoScope();
  }

  @Test
  void whatIsNotHttpPassesThrough() throws Exception {
    ServletRequest request = nothing(ServletRequest.class);
    ServletResponse response = nothing(ServletResponse.class);
    AtomicBoolean passed = new AtomicBoolean();

    filter.doFilter(
        request, response, (given, answer) -> passed.set(given == request && answer == response));

    assertThat(passed).isTrue();
  }

  private static <T> T nothing(Class<T> type) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(), new Class<?>[] {type}, (self, method, args) -> null));
  }

  @Test
  void withoutInitItRefuses() {
    assertThatThrownBy(
            () ->
                new UnitOfWorkFilter()
                    .doFilter(Mocks.request("acme"), Mocks.response(), inserting("a")))
        .hasMessageContaining("init()");
  }

  @ParameterizedTest
  @ValueSource(strings = {"PT0S", "PT0.999S", "-PT5S"})
  void retryAfterIsAtLeastASecond(String duration) {
    UnitOfWorkFilter.Builder builder =
        UnitOfWorkFilter.builder(app.dataSource, TenantResolver.header("Tenant"));

    assertThatThrownBy(() -> builder.retryAfter(Duration.parse(duration)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(Duration.parse(duration).toString());
  }

  @Test
  void itDoesNotCloseADataSourceThatItWasGiven() throws IOException, ServletException {
    filter.destroy();

    filter.doFilter(Mocks.request("acme"), Mocks.response(), inserting("a"));
    assertThat(app.stub.committed()).containsExactly("a");
  }
}
