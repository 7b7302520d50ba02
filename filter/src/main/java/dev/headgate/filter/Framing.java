package dev.headgate.filter;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Locale;

/**
 * How a client sees the end of a body without a Content-Length: in HTTP/1.1 by the last chunk (RFC
 * 9112, section 8), in HTTP/2 and 3 by the end of the stream, which is reset if something is
 * missing. In HTTP/1.0 it is the end of the connection, which looks the same then.
 */
enum Framing {
  CHUNKS,
  STREAM,
  CONNECTION;

  static Framing of(HttpServletRequest request) {
    return switch (request.getProtocol()) {
      case "HTTP/1.1" -> CHUNKS;
      case "HTTP/0.9", "HTTP/1.0" -> CONNECTION;
      default -> STREAM;
    };
  }

  /** Returns whether a client of a response would see that its end is missing. */
  boolean showsTruncation(HttpServletResponse response, boolean jetty) {
    return switch (this) {
      case CHUNKS -> jetty || !closes(response);
      // Tomcat ends the stream before it resets it.
      case STREAM -> jetty;
      case CONNECTION -> false;
    };
  }

  /** Tomcat sends no chunks then (Http11Processor.prepareResponse). */
  private static boolean closes(HttpServletResponse response) {
    return response.getHeaders("Connection").stream()
        .anyMatch(value -> value.toLowerCase(Locale.ROOT).contains("close"));
  }

  /** Sees to it that the client of a response without a Content-Length will. */
  void show(HttpServletResponse response, boolean jetty) {
    if (this == CHUNKS && jetty) {
      // Or there are none on a connection that does not persist (HttpGenerator.generateHeaders).
      response.setHeader("Transfer-Encoding", "chunked");
    }
  }
}
