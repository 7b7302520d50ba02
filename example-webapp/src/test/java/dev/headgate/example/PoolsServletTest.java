package dev.headgate.example;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.http.HttpServletResponse;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who sees the pools. That others do, ReadyTest shows. */
class PoolsServletTest {

  private final List<Object> sent = new ArrayList<>();

  private HttpServletResponse response() {
    return (HttpServletResponse)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {HttpServletResponse.class},
            (proxy, method, arguments) -> {
              sent.add(method.getName() + " " + arguments[0]);
              return null;
            });
  }

  @ParameterizedTest
  @CsvSource({
    "localhost, /pools, 192.0.2.7",
    "192.0.2.1, /pools, 192.0.2.7",
    "acme.localhost, /pools, 127.0.0.1",
    "acme.localhost, /pools.json, 127.0.0.1"
  })
  void othersDoNot(String host, String path, String remoteAddress) throws Exception {
    new PoolsServlet().service(StubRequest.to(host, path, remoteAddress), response());
    assertThat(sent).containsExactly("sendError 404");
  }
}
