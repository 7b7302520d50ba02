package dev.headgate.filter;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.ServletRequestWrapper;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpUpgradeHandler;
import jakarta.servlet.http.WebConnection;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A request in a unit of work can't outlive its call. */
class UnitRequestTest {

  private final StubApp app = new StubApp();

  @AfterEach
  void close() {
    app.close();
  }

  /** Does nothing: no request gets so far. */
  public static final class Upgraded implements HttpUpgradeHandler {
    @Override
    public void init(WebConnection connection) {}

    @Override
    public void destroy() {}
  }

  private void assertRefused(Web.Service service, String call) throws Exception {
    app.start(
        (request, response) -> {
          app.insert("a");
          service.service(request, response);
        });

    assertThat(app.get("/").status()).isEqualTo(500);
    assertThat(app.thrown)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining(call)
        .hasMessageContaining("exclude the request");
    assertThat(app.stub.committed()).isEmpty();
    app.assertNothingLeft();
  }

  @Test
  void startAsyncIsRefused() throws Exception {
    assertRefused((request, response) -> request.startAsync(), "startAsync()");
  }

  @Test
  void startAsyncWithRequestAndResponseIsRefused() throws Exception {
    assertRefused(
        (request, response) -> request.startAsync(request, response),
        "startAsync(request, response)");
  }

  @Test
  void anUpgradeIsRefused() throws Exception {
    assertRefused((request, response) -> request.upgrade(Upgraded.class), "upgrade(handler)");
  }

  @Test
  void asyncIsNotSupported() throws Exception {
    app.start(
        (request, response) -> {
          assertThat(unwrapped(request).isAsyncSupported()).isTrue();
          response.getWriter().print(request.isAsyncSupported());
        });

    assertThat(app.get("/").text()).isEqualTo("false");
  }

  @Test
  void aRequestThatIsMadeAsynchronousBehindTheFilterFails() throws Exception {
    app.start(
        (request, response) -> {
          app.insert("a");
          unwrapped(request).startAsync().setTimeout(0);
        });

    assertThat(app.get("/").status()).isEqualTo(500);
    assertThat(app.thrown).hasMessageContaining("asynchronous behind the filter");
    assertThat(app.stub.committed()).isEmpty();
    app.assertNothingLeft();
  }

  @Test
  void aRequestThatWasAsynchronousBehindTheFilterFails() throws Exception {
    app.start(
        (request, response) -> {
          app.insert("a");
          unwrapped(request).startAsync().complete();
        });

    assertThat(app.get("/").status()).isEqualTo(500);
    assertThat(app.thrown).hasMessageContaining("asynchronous behind the filter");
    assertThat(app.stub.committed()).isEmpty();
    app.assertNothingLeft();
  }

  private static HttpServletRequest unwrapped(HttpServletRequest request) {
    return (HttpServletRequest) ((ServletRequestWrapper) request).getRequest();
  }

  @Test
  void anExcludedRequestMayBeAsynchronous() throws Exception {
    app.filter(filter -> filter.exclude("/events"))
        .start(
            (request, response) -> {
              var async = request.startAsync();
              response.getWriter().print("event");
              async.complete();
            });

    assertThat(app.get("/events").text()).isEqualTo("event");
  }
}
