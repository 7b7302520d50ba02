package dev.headgate.filter;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.http.Cookie;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The client gets the same answer with the filter as without it. */
class SameAnswerTest {

  private final StubApp with = new StubApp();
  private final Web without = new Web();

  @AfterEach
  void close() {
    with.close();
    without.close();
  }

  private static Map<String, Web.Service> services() {
    Map<String, Web.Service> services = new LinkedHashMap<>();
    services.put("nothing", (request, response) -> {});
    services.put(
        "json-writer",
        (request, response) -> {
          response.setContentType("application/json");
          response.getWriter().print("[{\"id\":1,\"text\":\"süß\"}]");
        });
    services.put(
        "html",
        (request, response) -> {
          response.setContentType("text/html;charset=UTF-8");
          response.setHeader("Cache-Control", "no-store");
          response.addCookie(new Cookie("seen", "yes"));
          response.setLocale(Locale.GERMANY);
          for (int i = 0; i < 100; i++) {
            response.getWriter().printf("<li>%d</li>%n", i);
          }
        });
    services.put(
        "html-flushed",
        (request, response) -> {
          response.setContentType("text/html;charset=UTF-8");
          response.getWriter().print("<p>at the end</p>");
          response.getWriter().close();
        });
    services.put(
        "latin",
        (request, response) -> {
          response.setContentType("text/plain");
          response.getWriter().print("süß, and not in Latin-1: €");
        });
    services.put(
        "utf-16",
        (request, response) -> {
          response.setContentType("text/plain;charset=UTF-16");
          response.getWriter().print("süß");
          response.getWriter().print(" 𝄞");
        });
    services.put(
        "binary",
        (request, response) -> {
          byte[] bytes = new byte[5000];
          for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (i * 7);
          }
          response.setContentType("application/octet-stream");
          response.getOutputStream().write(bytes);
        });
    services.put(
        "with-length",
        (request, response) -> {
          byte[] bytes = "with length".getBytes(StandardCharsets.UTF_8);
          response.setContentType("text/plain;charset=UTF-8");
          response.setContentLength(bytes.length);
          response.getOutputStream().write(bytes);
        });
    services.put(
        "only-length",
        (request, response) -> {
          if (request.getMethod().equals("HEAD")) {
            response.setContentLength(1000);
          }
        });
    services.put("no-content", (request, response) -> response.setStatus(204));
    services.put(
        "not-modified",
        (request, response) -> {
          response.setHeader("ETag", "\"1\"");
          response.setDateHeader("Last-Modified", 0);
          response.setHeader("Vary", "Accept");
          response.setStatus(304);
        });
    services.put(
        "created",
        (request, response) -> {
          response.setStatus(201);
          response.setHeader("Location", "/notes/1");
          response.addHeader("X-Many", "1");
          response.addHeader("X-Many", "2");
          response.addIntHeader("X-Many", 3);
        });
    services.put("redirect", (request, response) -> response.sendRedirect("/next?a=b"));
    services.put("relative", (request, response) -> response.sendRedirect("next"));
    services.put("absolute", (request, response) -> response.sendRedirect("http://a.example/"));
    services.put("error", (request, response) -> response.sendError(404, "no such note"));
    services.put("error-status", (request, response) -> response.sendError(503));
    services.put(
        "own-error",
        (request, response) -> {
          response.setStatus(409);
          response.getWriter().print("taken");
        });
    services.put(
        "session",
        (request, response) -> {
          request.getSession().setMaxInactiveInterval(1);
          response.getWriter().print("session");
        });
    services.put(
        "reset",
        (request, response) -> {
          response.setContentType("text/html;charset=UTF-16");
          response.getWriter().print("first");
          response.reset();
          response.getOutputStream().print("second");
        });
    services.put(
        "forward",
        (request, response) -> {
          response.getWriter().print("dropped");
          request.getRequestDispatcher("/binary").forward(request, response);
        });
    services.put(
        "context-forward",
        (request, response) ->
            request.getServletContext().getRequestDispatcher("/html").forward(request, response));
    services.put(
        "include",
        (request, response) -> {
          response.setContentType("text/html;charset=UTF-8");
          response.getWriter().print("<ul>");
          request.getRequestDispatcher("/latin").include(request, response);
          response.getWriter().print("</ul>");
        });
    services.put(
        "forward-after-flush",
        (request, response) -> {
          response.getWriter().print("flushed");
          response.flushBuffer();
          try {
            request.getRequestDispatcher("/html").forward(request, response);
          } catch (IllegalStateException e) {
            response.getWriter().print(", refused");
          }
        });
    return services;
  }

  @TestFactory
  Stream<DynamicTest> sameAnswer() throws Exception {
    Map<String, Web.Service> services = services();
    services.forEach((name, service) -> without.servlet("/" + name, service));
    without.start();
    services.forEach((name, service) -> with.web.servlet("/" + name, service));
    with.start((request, response) -> {});
    return services.keySet().stream()
        .flatMap(
            name ->
                Stream.of("GET", "HEAD", "POST")
                    .map(
                        method ->
                            DynamicTest.dynamicTest(
                                method + " " + name, () -> compare(method, "/" + name))));
  }

  private void compare(String method, String path) {
    Answer plain = without.exchange(method, path, "Tenant: acme", "Host: a.example");
    Answer held = with.web.exchange(method, path, "Tenant: acme", "Host: a.example");

    assertThat(held.status()).isEqualTo(plain.status());
    assertThat(comparable(held)).isEqualTo(comparable(plain));
    assertThat(withoutIds(held)).isEqualTo(withoutIds(plain));
  }

  /** What was flushed has no length known in advance without the filter, and has one with it. */
  private static Map<String, List<String>> comparable(Answer answer) {
    Map<String, List<String>> headers = new TreeMap<>(answer.headers());
    headers.remove("Date");
    headers.remove("Transfer-Encoding");
    headers.remove("Content-Length");
    headers.replaceAll((name, values) -> values.stream().map(SameAnswerTest::withoutIds).toList());
    return headers;
  }

  private static String withoutIds(Answer answer) {
    return withoutIds(answer.text(StandardCharsets.ISO_8859_1));
  }

  private static String withoutIds(String text) {
    return text.replaceAll("JSESSIONID=[^;]*", "JSESSIONID=…")
        .replaceAll("ServiceServlet-\\w+", "ServiceServlet");
  }
}
