package dev.headgate.containers.laboratory;

import static dev.headgate.containers.laboratory.Writing.write;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;

/** Servlets that would have the response sent before they end. */
final class Flushing {

  private Flushing() {}

  static Map<String, Service> services() {
    Map<String, Service> services = new LinkedHashMap<>();
    addFlushes(services);
    addCloses(services);
    addTrailers(services);
    return services;
  }

  private static void addFlushes(Map<String, Service> services) {
    services.put("flush-nothing", (request, response) -> response.flushBuffer());
    services.put(
        "flush-first",
        (request, response) -> {
          response.flushBuffer();
          write(response, "after the flush");
        });
    services.put(
        "flush-last",
        (request, response) -> {
          write(response, "before the flush");
          response.flushBuffer();
        });
    services.put(
        "flush-in-the-middle",
        (request, response) -> {
          ServletOutputStream out = response.getOutputStream();
          out.print("one");
          out.flush();
          out.print("two");
          out.print("three");
          out.flush();
          out.flush();
          out.print("four");
        });
    services.put(
        "flush-with-length",
        (request, response) -> {
          response.setContentLength(6);
          write(response, "one");
          response.flushBuffer();
          write(response, "two");
        });
    services.put(
        "writer-flush-in-the-middle",
        (request, response) -> {
          response.setContentType("text/html;charset=UTF-8");
          PrintWriter writer = response.getWriter();
          writer.print("eins, zwölf");
          writer.flush();
          writer.print("zwei");
          response.flushBuffer();
          writer.print("drei");
        });
    services.put(
        "check-error",
        (request, response) -> {
          response.getWriter().print("one");
          response.getWriter().print(response.getWriter().checkError());
          response.getWriter().print("two");
        });
    services.put(
        "flush-every-20000",
        (request, response) -> {
          for (int i = 0; i < 50; i++) {
            write(response, "0123456789".repeat(2_000));
            response.flushBuffer();
          }
        });
    services.put(
        "headers-after-a-flush",
        (request, response) -> {
          response.setHeader("X-Before", "yes");
          response.getWriter().print(response.isCommitted());
          response.flushBuffer();
          response.setHeader("X-After", "yes");
          response.setHeader("X-Before", "changed");
          response.setStatus(500);
          response.setContentType("image/png");
          response.setContentLength(1);
          response.getWriter().print(response.isCommitted());
          response.getWriter().print(response.getStatus());
        });
  }

  private static void addCloses(Map<String, Service> services) {
    services.put("close-nothing", (request, response) -> response.getOutputStream().close());
    services.put(
        "stream-close",
        (request, response) -> {
          write(response, "closed");
          response.getOutputStream().close();
          response.setHeader("X-After", "yes");
        });
    services.put(
        "stream-write-after-close",
        (request, response) -> {
          write(response, "closed");
          response.getOutputStream().close();
          try {
            write(response, "after");
          } catch (IOException | IllegalStateException e) {
            // Whether it is refused or ignored is the container's.
          }
        });
    services.put(
        "writer-close",
        (request, response) -> {
          try (PrintWriter writer = response.getWriter()) {
            writer.print("closed");
          }
          response.setHeader("X-After", "yes");
        });
    services.put(
        "writer-write-after-close",
        (request, response) -> {
          response.getWriter().print("closed");
          response.getWriter().close();
          response.getWriter().print("after");
        });
    services.put(
        "flush-and-close",
        (request, response) -> {
          write(response, "one");
          response.flushBuffer();
          write(response, "two");
          response.getOutputStream().close();
        });
    services.put(
        "write-after-the-length",
        (request, response) -> {
          response.setContentLength(3);
          write(response, "one");
          response.setHeader("X-After", "yes");
          response.flushBuffer();
        });
  }

  private static void addTrailers(Map<String, Service> services) {
    services.put(
        "trailers",
        (request, response) -> {
          if (!takesTrailers(request)) {
            return;
          }
          response.setHeader("Trailer", "X-Sum");
          response.setTrailerFields(() -> Map.of("X-Sum", "42"));
          write(response, "with trailers");
        });
    services.put(
        "trailers-after-a-flush",
        (request, response) -> {
          if (!takesTrailers(request)) {
            return;
          }
          Map<String, String> trailers = new LinkedHashMap<>();
          response.setTrailerFields(() -> trailers);
          write(response, "one");
          response.flushBuffer();
          write(response, "two");
          trailers.put("X-Sum", "42");
        });
  }

  /** HTTP/1.0 has none, and Tomcat never ends the answer to a HEAD over HTTP/2 that has some. */
  private static boolean takesTrailers(HttpServletRequest request) {
    return !request.getProtocol().equals("HTTP/1.0") && !request.getMethod().equals("HEAD");
  }
}
