package dev.headgate.containers.answers;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * A method that may have a container send something: of the response, of its stream or of its
 * writer, in the version of the servlet API that the container has.
 */
record WayToWrite(Method method) {

  /** Parts of a body, of which a method may get one as its argument. */
  private static final List<Class<?>> PAYLOADS =
      List.of(
          byte[].class,
          char[].class,
          String.class,
          CharSequence.class,
          ByteBuffer.class,
          Object.class,
          Object[].class);

  static List<WayToWrite> all() {
    return Stream.of(HttpServletResponse.class, ServletOutputStream.class, PrintWriter.class)
        .flatMap(type -> Arrays.stream(type.getMethods()))
        .filter(method -> method.getDeclaringClass() != Object.class)
        .filter(method -> !Modifier.isStatic(method.getModifiers()))
        .filter(method -> !method.isBridge())
        .sorted((one, other) -> one.toGenericString().compareTo(other.toGenericString()))
        .map(WayToWrite::new)
        .toList();
  }

  boolean isOfTheResponse() {
    return method.getDeclaringClass().isAssignableFrom(HttpServletResponse.class);
  }

  boolean isOfTheWriter() {
    return method.getDeclaringClass().isAssignableFrom(PrintWriter.class)
        && !method.getDeclaringClass().isAssignableFrom(ServletOutputStream.class);
  }

  /**
   * Returns whether it makes the same bytes of ASCII text; Jetty's stream prints in the charset.
   */
  boolean isEncodedAlike(Charset charset) {
    return !method.getName().startsWith("print") || !charset.equals(StandardCharsets.UTF_16);
  }

  /** Returns whether a Content-Length that was declared stays without its body. */
  boolean takesTheBodyBack() {
    return method.getName().equals("resetBuffer");
  }

  boolean sendsAnError() {
    return method.getName().equals("sendError");
  }

  private boolean takesABody() {
    return !isOfTheResponse()
        && Arrays.stream(method.getParameterTypes()).anyMatch(PAYLOADS::contains);
  }

  /** Writes so many bytes or characters, by this method if it takes any, or else before it. */
  void write(HttpServletResponse response, boolean byWriter, int size) throws IOException {
    if (isOfTheResponse()) {
      int length = size;
      if (byWriter) {
        String body = "w".repeat(size);
        response.getWriter().write(body);
        length = body.getBytes(Charset.forName(response.getCharacterEncoding())).length;
      } else {
        response.getOutputStream().write("s".repeat(size).getBytes(Charset.defaultCharset()));
      }
      call(response, length);
    } else if (isOfTheWriter()) {
      write(response.getWriter(), size);
    } else {
      write(response.getOutputStream(), size);
    }
  }

  private void write(PrintWriter writer, int size) {
    if (!takesABody()) {
      writer.write("w".repeat(size));
    }
    call(writer, size);
  }

  private void write(ServletOutputStream stream, int size) throws IOException {
    if (!takesABody()) {
      stream.write(new byte[size]);
    }
    call(stream, size);
  }

  /** Returns the body that stream or writer make of it. */
  byte[] body(Charset charset, int size) throws IOException {
    var body = new ByteArrayOutputStream();
    if (isOfTheWriter()) {
      var writer = new PrintWriter(new OutputStreamWriter(body, charset));
      write(writer, size);
      writer.flush();
    } else {
      write(new Collecting(body), size);
    }
    return body.toByteArray();
  }

  private void call(Object target, int size) {
    Class<?>[] types = method.getParameterTypes();
    Object[] arguments = new Object[types.length];
    for (int i = 0; i < types.length; i++) {
      arguments[i] = argument(types, i, size);
    }
    try {
      method.invoke(target, arguments);
    } catch (InvocationTargetException e) {
      // It may refuse, but not answer.
      assertThat(e.getCause()).isInstanceOfAny(RuntimeException.class, IOException.class);
    } catch (IllegalAccessException e) {
      throw new AssertionError(e);
    }
  }

  private Object argument(Class<?>[] types, int at, int size) {
    if (types[at] == int.class && takesABody() && types.length == 3) {
      return at == 1 ? 0 : size;
    }
    if (takesABody() && PAYLOADS.contains(types[at])) {
      return Arguments.body(types[at], size);
    }
    if (types[at] == int.class && method.getName().equals("setContentLength")) {
      return size;
    }
    if (types[at] == long.class && method.getName().equals("setContentLengthLong")) {
      return (long) size;
    }
    if (types[at] == int.class && method.getName().equals("sendError")) {
      return HttpServletResponse.SC_CONFLICT;
    }
    if (types[at] == String.class && method.getName().contains("Header")) {
      return "X-Any";
    }
    return Arguments.of(types[at]);
  }

  @Override
  public String toString() {
    return "%s.%s(%s)"
        .formatted(
            isOfTheResponse() ? "response" : isOfTheWriter() ? "writer" : "stream",
            method.getName(),
            String.join(
                ", ",
                Arrays.stream(method.getParameterTypes()).map(Class::getSimpleName).toList()));
  }

  /** What a stream would make of it. */
  private static final class Collecting extends ServletOutputStream {

    private final ByteArrayOutputStream target;

    Collecting(ByteArrayOutputStream target) {
      this.target = target;
    }

    @Override
    public void write(int value) {
      target.write(value);
    }

    @Override
    public boolean isReady() {
      return true;
    }

    @Override
    public void setWriteListener(WriteListener listener) {
      throw new IllegalStateException();
    }
  }
}
