package dev.headgate.containers.laboratory;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Servlets that write a body, of every size, in one part and in many. */
final class Writing {

  private static final int KIB = 1024;
  private static final int MIB = KIB * KIB;

  private static final List<Integer> SIZES =
      List.of(1, 8 * KIB, 20 * KIB, 32 * KIB + 1, 100 * KIB, 128 * KIB, 128 * KIB + 1, MIB);

  private static final List<String> CHARSETS = List.of("UTF-8", "ISO-8859-1", "UTF-16");

  private Writing() {}

  static Map<String, Service> services() {
    Map<String, Service> services = new LinkedHashMap<>();
    for (int size : SIZES) {
      addStreams(services, size);
      for (String charset : CHARSETS) {
        addWriters(services, size, charset);
      }
    }
    addPrints(services);
    return services;
  }

  private static void addStreams(Map<String, Service> services, int size) {
    services.put(
        "stream-" + size, (request, response) -> response.getOutputStream().write(bytes(size)));
    services.put(
        "stream-with-length-" + size,
        (request, response) -> {
          response.setContentType("text/plain");
          response.setContentLength(size);
          response.getOutputStream().write(bytes(size));
        });
    services.put(
        "stream-in-parts-" + size,
        (request, response) -> {
          response.setContentType("text/plain");
          writeInParts(response.getOutputStream(), size);
        });
    services.put(
        "stream-in-parts-with-length-" + size,
        (request, response) -> {
          response.setContentLengthLong(size);
          writeInParts(response.getOutputStream(), size);
        });
  }

  private static void addWriters(Map<String, Service> services, int size, String charset) {
    services.put(
        "writer-%s-%d".formatted(charset, size),
        (request, response) -> {
          response.setContentType("text/plain;charset=" + charset);
          response.getWriter().write(text(size));
        });
    services.put(
        "writer-in-parts-%s-%d".formatted(charset, size),
        (request, response) -> {
          response.setContentType("text/html");
          response.setCharacterEncoding(charset);
          PrintWriter writer = response.getWriter();
          String text = text(size);
          for (int from = 0; from < size; from += 700) {
            writer.append(text, from, Math.min(size, from + 700));
          }
        });
  }

  private static void addPrints(Map<String, Service> services) {
    services.put("nothing", (request, response) -> {});
    services.put("nothing-but-the-stream", (request, response) -> response.getOutputStream());
    services.put("nothing-but-the-writer", (request, response) -> response.getWriter());
    services.put(
        "byte-by-byte",
        (request, response) -> {
          for (byte next : bytes(300)) {
            response.getOutputStream().write(next);
          }
        });
    services.put(
        "stream-print",
        (request, response) -> {
          ServletOutputStream out = response.getOutputStream();
          out.print("süß ");
          out.print('c');
          out.print(true);
          out.print(1);
          out.print(2L);
          out.print(1.5f);
          out.print(2.5);
          out.println();
          out.println("line");
          out.println('c');
          out.println(false);
          out.println(1);
          out.println(2L);
          out.println(1.5f);
          out.println(2.5);
        });
    services.put(
        "writer-print",
        (request, response) -> {
          response.setContentType("text/plain;charset=UTF-8");
          PrintWriter writer = response.getWriter();
          writer.printf("%s %d%n", "süß", 1);
          writer.print(true);
          writer.println(1.5);
          writer.append('c').append("sequence").println();
          writer.write(new char[] {'a', 'b', 'c'}, 1, 2);
          writer.print((String) null);
        });
    services.put(
        "surrogates-in-two-parts",
        (request, response) -> {
          response.setContentType("text/plain;charset=UTF-8");
          response.getWriter().write("\uD834");
          response.getWriter().write("\uDD1E and \uD834");
        });
    services.put(
        "byte-buffers",
        (request, response) -> {
          if (Servlet61.MISSING) {
            return;
          }
          response.getOutputStream().write(ByteBuffer.wrap(bytes(100), 10, 50));
          response.getOutputStream().write(ByteBuffer.allocateDirect(20 * KIB));
          response.getOutputStream().write(ByteBuffer.allocate(0));
        });
  }

  private static void writeInParts(ServletOutputStream out, int size) throws IOException {
    byte[] bytes = bytes(size);
    for (int from = 0; from < size; from += 1000) {
      out.write(bytes, from, Math.min(1000, size - from));
    }
  }

  static void write(HttpServletResponse response, String text) throws IOException {
    response.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
  }

  private static byte[] bytes(int size) {
    byte[] bytes = new byte[size];
    for (int i = 0; i < size; i++) {
      bytes[i] = (byte) (i * 31 + i / 251);
    }
    return bytes;
  }

  private static String text(int size) {
    var text = new StringBuilder(size);
    while (text.length() < size) {
      text.append("Grüße, line ").append(text.length()).append(" €\n");
    }
    text.setLength(size);
    return text.toString();
  }
}
