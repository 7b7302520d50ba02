package dev.headgate.containers.answers;

import jakarta.servlet.WriteListener;
import jakarta.servlet.http.Cookie;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;

/** Arguments for methods that are only known by their types. */
final class Arguments {

  private static final Map<Class<?>, Object> ANY =
      Map.ofEntries(
          Map.entry(String.class, "text/plain"),
          Map.entry(CharSequence.class, "text/plain"),
          Map.entry(Object.class, "text/plain"),
          Map.entry(Object[].class, new Object[] {"x"}),
          // A status with which a body may go.
          Map.entry(int.class, 303),
          Map.entry(long.class, 0L),
          Map.entry(boolean.class, true),
          Map.entry(char.class, 'x'),
          Map.entry(float.class, 1.5f),
          Map.entry(double.class, 1.5),
          Map.entry(Locale.class, Locale.FRENCH),
          Map.entry(Charset.class, StandardCharsets.UTF_8),
          Map.entry(Cookie.class, new Cookie("a", "b")),
          Map.entry(Supplier.class, (Supplier<Map<String, String>>) () -> Map.of("X-Last", "yes")),
          Map.entry(WriteListener.class, new Nothing()));

  private Arguments() {}

  /** Returns an argument; a type that the servlet API has not had yet has to be added here. */
  static Object of(Class<?> type) {
    Object argument = ANY.get(type);
    if (argument == null) {
      throw new AssertionError("no argument of " + type);
    }
    return argument;
  }

  /** Returns an argument that is so many bytes or characters of a body. */
  static Object body(Class<?> type, int size) {
    if (type == byte[].class) {
      return new byte[size];
    }
    if (type == ByteBuffer.class) {
      return ByteBuffer.allocate(size);
    }
    if (type == Object[].class) {
      return of(type);
    }
    return type == char[].class ? "c".repeat(size).toCharArray() : "t".repeat(size);
  }

  private static final class Nothing implements WriteListener {

    @Override
    public void onWritePossible() throws IOException {}

    @Override
    public void onError(Throwable failure) {}
  }
}
