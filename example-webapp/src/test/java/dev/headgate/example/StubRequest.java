package dev.headgate.example;

import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** A request that has the given answers, and fails at every other question. */
final class StubRequest {

  private StubRequest() {}

  static HttpServletRequest to(String host, String servletPath) {
    return answering(Map.of("getServerName", host, "getServletPath", servletPath));
  }

  static HttpServletRequest to(String host, String servletPath, String remoteAddress) {
    return answering(
        Map.of(
            "getServerName", host, "getServletPath", servletPath, "getRemoteAddr", remoteAddress));
  }

  static HttpServletRequest withQuery(String query) {
    return answering(Map.of("getQueryString", query));
  }

  static HttpServletRequest withBody(String contentType, String body) {
    return answering(
        Map.of(
            "getHeader",
            contentType,
            "getInputStream",
            new Body(new ByteArrayInputStream(body.getBytes(StandardCharsets.ISO_8859_1)))));
  }

  private static HttpServletRequest answering(Map<String, Object> answers) {
    return (HttpServletRequest)
        Proxy.newProxyInstance(
            StubRequest.class.getClassLoader(),
            new Class<?>[] {HttpServletRequest.class},
            (proxy, method, arguments) -> {
              Object answer = answers.get(method.getName());
              if (answer == null) {
                throw new UnsupportedOperationException(method.getName());
              }
              return answer;
            });
  }

  private static final class Body extends ServletInputStream {

    private final InputStream bytes;

    Body(InputStream bytes) {
      this.bytes = bytes;
    }

    @Override
    public int read() throws IOException {
      return bytes.read();
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      return bytes.read(target, offset, length);
    }

    @Override
    public boolean isFinished() {
      throw new UnsupportedOperationException();
    }

    @Override
    public boolean isReady() {
      throw new UnsupportedOperationException();
    }

    @Override
    public void setReadListener(ReadListener listener) {
      throw new UnsupportedOperationException();
    }
  }
}
