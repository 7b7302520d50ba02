package dev.headgate.filter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.faults.ArmedFault;
import dev.headgate.faults.Fault;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Nothing reaches the client before COMMIT, whatever method of the response is called; and then all
 * of it does.
 */
class HeldResponseTest {

  private static final Duration SILENCE = Duration.ofMillis(20);
  private static final int LIMIT = 128 * 1024;

  private final StubApp app = new StubApp();
  private volatile Web.Service service;

  @AfterEach
  void close() {
    app.close();
  }

  private void start() throws Exception {
    app.start(
        (request, response) -> {
          app.insert("a");
          service.service(request, response);
        });
  }

  /** Sends a request, and sees to it that the client hears nothing while its transaction ends. */
  private Answer silentUntilTheEnd(Web.Service service) {
    this.service = service;
    CountDownLatch goOn = new CountDownLatch(1);
    ArmedFault end =
        app.stub.arm(
            call -> call.equals("Connection.commit()") || call.equals("Connection.rollback()"),
            Fault.blockBefore(goOn));
    try (Wire wire = Wire.send(app.web.port(), "GET", "/", "Tenant: acme")) {
      end.awaitFired();
      assertThat(wire.isSilentFor(SILENCE)).as("silent before the end").isTrue();
      goOn.countDown();
      return wire.answer();
    } finally {
      goOn.countDown();
    }
  }

  @TestFactory
  Stream<DynamicTest> noMethodOfTheResponseReachesTheClient() throws Exception {
    start();
    return methods(HttpServletResponse.class).map(method -> silent(method, response -> response));
  }

  @TestFactory
  Stream<DynamicTest> noMethodOfTheStreamReachesTheClient() throws Exception {
    start();
    return methods(ServletOutputStream.class)
        .map(method -> silent(method, HttpServletResponse::getOutputStream));
  }

  @TestFactory
  Stream<DynamicTest> noMethodOfTheWriterReachesTheClient() throws Exception {
    start();
    return methods(PrintWriter.class).map(method -> silent(method, HttpServletResponse::getWriter));
  }

  @FunctionalInterface
  private interface Target {
    Object of(HttpServletResponse response) throws IOException;
  }

  private static Stream<Method> methods(Class<?> type) {
    return Arrays.stream(type.getMethods())
        .filter(method -> method.getDeclaringClass() != Object.class)
        .filter(method -> !Modifier.isStatic(method.getModifiers()))
        .filter(method -> !method.isBridge());
  }

  private DynamicTest silent(Method method, Target target) {
    return DynamicTest.dynamicTest(
        method.toString(),
        () -> {
          Answer answer =
              silentUntilTheEnd(
                  (request, response) -> {
                    response.setHeader("X-Servlet", "was here");
                    call(method, target.of(response));
                  });
          assertThat(answer.status()).isBetween(200, 599);
        });
  }

  private static void call(Method method, Object target) throws IOException, ServletException {
    Object[] arguments =
        Arrays.stream(method.getParameterTypes()).map(HeldResponseTest::argument).toArray();
    try {
      method.invoke(target, arguments);
    } catch (InvocationTargetException e) {
      // It may refuse, but not answer.
      assertThat(e.getCause()).isInstanceOfAny(RuntimeException.class, IOException.class);
    } catch (IllegalAccessException e) {
      throw new ServletException(e);
    }
  }

  private static Object argument(Class<?> type) {
    if (type == String.class || type == CharSequence.class || type == Object.class) {
      return "text/html";
    }
    if (type == int.class) {
      return 409;
    }
    if (type == long.class) {
      return 0L;
    }
    if (type == boolean.class) {
      return true;
    }
    if (type == char.class) {
      return 'x';
    }
    if (type == float.class) {
      return 1.5f;
    }
    if (type == double.class) {
      return 1.5;
    }
    if (type == byte[].class) {
      return new byte[LIMIT];
    }
    if (type == char[].class) {
      return new char[50_000];
    }
    if (type == Object[].class) {
      return new Object[] {"x"};
    }
    if (type == ByteBuffer.class) {
      return ByteBuffer.allocate(60_000);
    }
    if (type == Locale.class) {
      return Locale.FRENCH;
    }
    if (type == Charset.class) {
      return StandardCharsets.UTF_8;
    }
    if (type == Cookie.class) {
      return new Cookie("a", "b");
    }
    if (type == Supplier.class) {
      return (Supplier<Map<String, String>>) () -> Map.of("X-Trailer", "yes");
    }
    if (type == WriteListener.class) {
      return null;
    }
    throw new AssertionError("no argument of " + type);
  }

  @ParameterizedTest
  @CsvSource({"0,1", "1,1", "8191,1", "8192,1", "8193,1", "32768,1", "32769,1", "131072,1"})
  @CsvSource({"8192,512", "32768,4096", "131072,1024", "131072,8193"})
  void theStreamIsHeldWhole(int size, int writes) throws Exception {
    start();
    byte[] body = body(size);

    Answer answer =
        silentUntilTheEnd(
            (request, response) -> {
              int piece = (size + writes - 1) / writes;
              for (int at = 0; at < size; at += piece) {
                response.getOutputStream().write(body, at, Math.min(piece, size - at));
              }
            });

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo(body);
    assertThat(app.stub.committed()).containsExactly("a");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 8192, 32_768, 65_536})
  void theWriterIsHeldWhole(int characters) throws Exception {
    start();
    String body = "ü".repeat(characters);

    Answer answer =
        silentUntilTheEnd(
            (request, response) -> {
              response.setCharacterEncoding("UTF-8");
              response.getWriter().write(body);
            });

    assertThat(answer.text()).isEqualTo(body);
    assertThat(app.stub.committed()).containsExactly("a");
  }

  @ParameterizedTest
  @ValueSource(strings = {"length", "long", "set", "add", "int"})
  void contentLengthSetBeforeTheBodyDoesNotEndTheResponse(String how) throws Exception {
    start();

    Answer answer =
        silentUntilTheEnd(
            (request, response) -> {
              switch (how) {
                case "length" -> response.setContentLength(5);
                case "long" -> response.setContentLengthLong(5);
                case "set" -> response.setHeader("content-length", "5");
                case "add" -> response.addHeader("Content-Length", "5");
                default -> response.setIntHeader("Content-Length", 5);
              }
              assertThat(response.getHeader("Content-Length")).isEqualTo("5");
              response.getOutputStream().print("hello");
              response.getOutputStream().flush();
            });

    assertThat(answer.header("Content-Length")).isEqualTo("5");
    assertThat(answer.text()).isEqualTo("hello");
    assertThat(app.stub.committed()).containsExactly("a");
  }

  @Test
  void contentLengthZeroDoesNotEndTheResponse() throws Exception {
    start();

    Answer answer =
        silentUntilTheEnd(
            (request, response) -> {
              response.setContentLength(0);
              response.getOutputStream().flush();
            });

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.header("Content-Length")).isEqualTo("0");
  }

  @ParameterizedTest
  @ValueSource(strings = {"4", "0", "five"})
  void aContentLengthThatCannotBeIsRefusedBeforeCommit(String length) throws Exception {
    start();

    Answer answer =
        silentUntilTheEnd(
            (request, response) -> {
              response.setHeader("Content-Length", length);
              response.getOutputStream().print("hello");
            });

    assertThat(answer.status()).isEqualTo(500);
    assertThat(app.stub.committed()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"flushBuffer", "stream", "writer", "close", "closeWriter", "checkError"})
  void afterAFlushTheResponseBehavesAsCommitted(String how) throws Exception {
    start();

    Answer answer =
        silentUntilTheEnd(
            (request, response) -> {
              response.setStatus(201);
              switch (how) {
                case "flushBuffer" -> response.flushBuffer();
                case "stream" -> response.getOutputStream().flush();
                case "writer" -> response.getWriter().flush();
                case "close" -> response.getOutputStream().close();
                case "closeWriter" -> response.getWriter().close();
                default -> assertThat(response.getWriter().checkError()).isFalse();
              }
              assertThat(response.isCommitted()).isTrue();
              response.setHeader("X-Late", "yes");
              response.addCookie(new Cookie("late", "yes"));
              response.setStatus(202);
              response.setContentType("text/late");
              for (Runnable refused :
                  new Runnable[] {
                    response::reset, response::resetBuffer, () -> redirect(response)
                  }) {
                try {
                  refused.run();
                  throw new AssertionError("not refused");
                } catch (IllegalStateException e) {
                  // As the servlet API says.
                }
              }
            });

    assertThat(answer.status()).isEqualTo(201);
    assertThat(answer.header("X-Late")).isNull();
    assertThat(answer.header("Location")).isNull();
    assertThat(answer.headers().toString()).doesNotContain("late");
  }

  private static void redirect(HttpServletResponse response) {
    try {
      response.sendRedirect("/late");
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void whatIsWrittenAfterCloseIsRefused() throws Exception {
    start();

    Answer answer =
        silentUntilTheEnd(
            (request, response) -> {
              response.getOutputStream().print("whole");
              response.getOutputStream().close();
              try {
                response.getOutputStream().print(" and more");
                throw new AssertionError("not refused");
              } catch (IOException e) {
                // As containers do.
              }
            });

    assertThat(answer.text()).isEqualTo("whole");
  }

  @ParameterizedTest
  @CsvSource({"location,302", "clear,302", "keep,302", "status,303", "all,307", "allKept,308"})
  void everyRedirectWaitsForCommit(String how, int status) throws Exception {
    start();

    Answer answer =
        silentUntilTheEnd(
            (request, response) -> {
              if (!how.toLowerCase(Locale.ROOT).contains("ke")) {
                response.setContentLength(5);
              }
              response.getWriter().print("body");
              switch (how) {
                case "location" -> response.sendRedirect("/next");
                case "clear" -> response.sendRedirect("/next", true);
                case "keep" -> response.sendRedirect("/next", false);
                case "status" -> response.sendRedirect("/next", 303);
                case "all" -> response.sendRedirect("/next", 307, true);
                default -> response.sendRedirect("/next", 308, false);
              }
              assertThat(response.isCommitted()).isTrue();
              assertThat(response.getStatus()).isEqualTo(status);
              response.getWriter().print("late");
            });

    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.header("Location")).isEqualTo("/next");
    assertThat(answer.text()).isEqualTo(how.toLowerCase(Locale.ROOT).contains("ke") ? "body" : "");
    assertThat(app.stub.committed()).containsExactly("a");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aRedirectToNowhereIsRefusedBeforeCommit(boolean withStatus) throws Exception {
    start();

    Answer answer =
        silentUntilTheEnd(
            (request, response) -> {
              if (withStatus) {
                response.sendRedirect(null, 303);
              } else {
                response.sendRedirect(null);
              }
            });

    assertThat(answer.status()).isEqualTo(500);
    assertThat(app.stub.committed()).isEmpty();
  }

  @Test
  void anErrorThatIsSentReplacesTheBody() throws Exception {
    start();

    Answer answer =
        silentUntilTheEnd(
            (request, response) -> {
              response.setContentType("application/json");
              response.setContentLength(8);
              response.getWriter().print("earlier");
              response.sendError(422, "not so");
              response.getWriter().print("later");
              assertThat(response.isCommitted()).isTrue();
            });

    assertThat(answer.status()).isEqualTo(422);
    assertThat(answer.text()).contains("not so").doesNotContain("earlier", "later");
    assertThat(app.stub.committed()).isEmpty();
  }

  @Test
  void resetTakesEverythingBack() throws Exception {
    start();

    Answer answer =
        silentUntilTheEnd(
            (request, response) -> {
              response.setStatus(201);
              response.setHeader("X-First", "yes");
              response.setContentLength(100);
              response.getOutputStream().print("first");
              response.reset();
              response.setContentType("text/plain;charset=UTF-8");
              response.getWriter().print("sécond");
            });

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.header("X-First")).isNull();
    assertThat(answer.text()).isEqualTo("sécond");
  }

  @Test
  void resetBufferTakesTheBodyBack() throws Exception {
    start();

    Answer answer =
        silentUntilTheEnd(
            (request, response) -> {
              response.setStatus(201);
              response.setHeader("X-First", "yes");
              response.getWriter().print("first");
              response.resetBuffer();
              response.getWriter().print("second");
            });

    assertThat(answer.status()).isEqualTo(201);
    assertThat(answer.header("X-First")).isEqualTo("yes");
    assertThat(answer.text()).isEqualTo("second");
  }

  @ParameterizedTest
  @CsvSource({
    "text/plain;charset=UTF-8,,UTF-8",
    "text/plain,UTF-8,UTF-8",
    "text/plain;charset=UTF-16,,UTF-16",
    "text/plain,UTF-16BE,UTF-16BE",
    "text/plain,,ISO-8859-1",
    "application/json,,UTF-8",
  })
  void textArrivesInItsCharset(String type, String encoding, String expected) throws Exception {
    start();

    Answer answer =
        silentUntilTheEnd(
            (request, response) -> {
              response.setContentType(type);
              if (encoding != null) {
                response.setCharacterEncoding(encoding);
              }
              response.getWriter().print("süß ");
              response.getWriter().print("genug");
            });

    assertThat(answer.text(Charset.forName(expected))).isEqualTo("süß genug");
  }

  @Test
  void aCharsetThatComesTooLateIsIgnored() throws Exception {
    start();

    Answer answer =
        silentUntilTheEnd(
            (request, response) -> {
              response.setContentType("text/plain;charset=UTF-8");
              response.getWriter().print("ü");
              response.setCharacterEncoding("UTF-16");
              response.setContentType("text/html;charset=ISO-8859-1");
              response.getWriter().print("ß");
            });

    assertThat(answer.text()).isEqualTo("üß");
    assertThat(answer.header("Content-Type").toLowerCase(Locale.ROOT)).contains("charset=utf-8");
  }

  @Test
  void aSmallTextHasAContentLength() throws Exception {
    start();

    Answer answer =
        silentUntilTheEnd((request, response) -> response.getWriter().print("twelve bytes"));

    assertThat(answer.header("Content-Length")).isEqualTo("12");
  }

  private static byte[] body(int size) {
    byte[] body = new byte[size];
    for (int i = 0; i < size; i++) {
      body[i] = (byte) i;
    }
    return body;
  }
}
