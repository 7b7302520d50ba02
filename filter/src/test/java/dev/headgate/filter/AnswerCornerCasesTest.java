package dev.headgate.filter;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.DispatcherType;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The same servlet with and without the filter, on Jetty. */
class AnswerCornerCasesTest {

  private final StubApp app = new StubApp();
  private final Web plain = new Web();

  @AfterEach
  void close() {
    plain.close();
    app.close();
  }

  private static String hex(Answer a) {
    return a.status()
        + " "
        + a.header("Content-Type")
        + " "
        + new String(a.body(), StandardCharsets.ISO_8859_1);
  }

  private void same(Web.Service service) throws Exception {
    plain.servlet("/*", service).start();
    app.start(service);
    assertThat(hex(app.get("/"))).isEqualTo(hex(plain.get("/")));
  }

  @Test
  void outputStreamPrint_inTheCharset() throws Exception {
    same(
        (request, response) -> {
          response.setContentType("text/plain;charset=UTF-8");
          response.getOutputStream().print("aä€");
        });
  }

  @Test
  void outputStreamPrintln_inTheCharset() throws Exception {
    same(
        (request, response) -> {
          response.setContentType("text/plain;charset=UTF-8");
          response.getOutputStream().println("ä");
        });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "UTF-16",
        "UTF-16LE",
        "ISO-2022-JP",
        "Shift_JIS",
        "UTF-7",
        "US-ASCII",
        "ISO-8859-15",
        "UTF-32",
        "x-UTF-16LE-BOM"
      })
  void oddCharsets(String charset) throws Exception {
    if (!java.nio.charset.Charset.isSupported(charset)) {
      return;
    }
    same(
        (request, response) -> {
          response.setContentType("text/plain;charset=" + charset);
          response.getWriter().print("a\u65e5\u672cb\u20ac");
          response.getWriter().flush();
          response.getWriter().print("\u65e5");
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF-16", "ISO-2022-JP", "Shift_JIS", "UTF-32", "UTF-8"})
  void oddCharsets_streamed(String charset) throws Exception {
    String text = "a\u65e5\u672cb".repeat(3000);
    Web.Service service =
        (request, response) -> {
          response.setContentType("text/plain;charset=" + charset);
          for (int i = 0; i < text.length(); i += 11) {
            response.getWriter().write(text.substring(i, Math.min(i + 11, text.length())));
          }
        };
    plain.servlet("/*", service).start();
    app.filter(f -> f.hold(1024, 2048)).start(service);
    assertThat(hex(app.get("/"))).isEqualTo(hex(plain.get("/")));
  }

  @Test
  void fewerBytesThanTheContentLength_areNoSuccess_soNothingIsStored() throws Exception {
    app.start(
        (request, response) -> {
          app.insert("a");
          response.setContentLength(10);
          response.getOutputStream().write(new byte[3]);
        });
    Answer answer = app.get("/");
    assertThat(answer.status()).isEqualTo(500);
    assertThat(app.stub.committed()).isEmpty();
  }

  @Test
  void moreBytesThanTheContentLength_streamed_neverLookComplete() throws Exception {
    app.filter(f -> f.hold(4096, 8192))
        .start(
            (request, response) -> {
              response.setContentLength(8192);
              app.insert("a");
              response.getOutputStream().write(new byte[20000]);
              app.insert("b");
            });
    try (Wire wire = Wire.send(app.web.port(), "GET", "/", "Tenant: acme")) {
      byte[] bytes = wire.bytes();
      String text = new String(bytes, StandardCharsets.ISO_8859_1);
      int body = bytes.length - text.indexOf("\r\n\r\n") - 4;
      boolean ok = text.startsWith("HTTP/1.1 200") && body == 8192;
      assertThat(ok && !app.stub.committed().contains("b"))
          .as("whole answer of success (%s bytes), stored: %s", body, app.stub.committed())
          .isFalse();
    }
  }

  @Test
  void theEncodingThatWasThereAtEntry_isBackAfterAFailure() throws Exception {
    Web.Service service =
        (request, response) -> {
          if (request.getDispatcherType() == DispatcherType.ERROR) {
            response.setContentType("text/plain");
            response.getWriter().print("€");
            return;
          }
          response.setHeader("X", "y");
          throw new IllegalStateException("no");
        };
    plain.filter(
        (request, response, chain) -> {
          response.setCharacterEncoding("UTF-8");
          chain.doFilter(request, response);
        },
        DispatcherType.REQUEST);
    plain.errorPage(500, "/error").servlet("/*", service).start();
    app.web.errorPage(500, "/error");
    app.before(response -> response.setCharacterEncoding("UTF-8"))
        .start(service, DispatcherType.REQUEST, DispatcherType.ASYNC, DispatcherType.ERROR);
    assertThat(hex(app.get("/"))).isEqualTo(hex(plain.get("/")));
  }

  @Test
  void aWriterMidCharacter_survivesADispatch() throws Exception {
    Web.Service service =
        (request, response) -> {
          response.setContentType("text/plain;charset=UTF-8");
          if (request.getDispatcherType() == DispatcherType.ASYNC) {
            response.getWriter().print("€".repeat(3000));
            return;
          }
          response.getWriter().print("ab" + "€".repeat(4000));
          request.startAsync().dispatch();
        };
    plain.servlet("/*", service).start();
    app.filter(f -> f.hold(1024, 2048)).start(service);
    String expected = plain.get("/").text();
    String actual = app.get("/").text();
    assertThat(actual.equals(expected))
        .as(
            "%s characters of %s, replaced: %s",
            actual.length(), expected.length(), actual.contains("\ufffd"))
        .isTrue();
  }

  @Test
  void anInvalidContentLengthHeader() throws Exception {
    same(
        (request, response) -> {
          response.setHeader("Content-Length", "+2");
          response.getOutputStream().print("xy");
        });
  }

  @Test
  void printf_inTheLocaleOfTheResponse() throws Exception {
    same(
        (request, response) -> {
          response.setCharacterEncoding("UTF-8");
          response.setLocale(Locale.GERMANY);
          response.getWriter().printf("%.2f", 1.5).format("%.1f", 2.5);
        });
  }

  @ParameterizedTest
  @ValueSource(ints = {1024, 5000})
  void aFailureThatSaysSo_isSentWhole_althoughItsWorkCanOnlyBeRolledBack(int size)
      throws Exception {
    app.filter(filter -> filter.rollBackOn(status -> false).hold(1024, 2048))
        .start(
            (request, response) -> {
              app.insert("a");
              app.dataSource.current().setRollbackOnly();
              response.setStatus(409);
              response.getOutputStream().write(new byte[size]);
            });
    Answer answer = app.get("/");
    assertThat(answer.status()).isEqualTo(409);
    assertThat(answer.body()).hasSize(size);
    assertThat(app.stub.committed()).isEmpty();
  }
}
