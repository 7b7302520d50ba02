package dev.headgate.containers.laboratory;

import static dev.headgate.containers.laboratory.Writing.write;

import jakarta.servlet.http.Cookie;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** Servlets that choose a buffer as a JSP does, and take back what they have written. */
final class Buffering {

  private Buffering() {}

  static Map<String, Service> services() {
    Map<String, Service> services = new LinkedHashMap<>();
    for (int size : new int[] {100, 8 * 1024, 16 * 1024, 64 * 1024}) {
      services.put(
          "buffer-" + size,
          (request, response) -> {
            response.setBufferSize(size);
            for (int i = 0; i < 40; i++) {
              write(response, "0123456789".repeat(100));
            }
          });
      services.put(
          "buffer-of-a-writer-" + size,
          (request, response) -> {
            response.setContentType("text/html;charset=UTF-8");
            response.setBufferSize(size);
            for (int i = 0; i < 40; i++) {
              response.getWriter().print("Grüße".repeat(200));
            }
          });
    }
    services.put(
        "buffer-sizes",
        (request, response) -> {
          response.getWriter().print(response.getBufferSize());
          response.getWriter().print(refused(() -> response.setBufferSize(50_000)));
        });
    addResets(services);
    return services;
  }

  private static void addResets(Map<String, Service> services) {
    services.put(
        "reset",
        (request, response) -> {
          response.setStatus(201);
          response.setHeader("X-First", "yes");
          response.addCookie(new Cookie("first", "yes"));
          response.setContentType("text/html;charset=UTF-16");
          response.setContentLength(1000);
          response.getWriter().print("first");
          response.reset();
          response.setHeader("X-Second", "yes");
          write(response, "second");
        });
    services.put(
        "reset-of-the-stream",
        (request, response) -> {
          write(response, "first");
          response.reset();
          response.getWriter().print("second");
        });
    services.put(
        "reset-and-nothing",
        (request, response) -> {
          response.setStatus(404);
          write(response, "first");
          response.reset();
        });
    services.put(
        "reset-buffer",
        (request, response) -> {
          response.setStatus(201);
          response.setHeader("X-First", "yes");
          response.setContentType("text/plain;charset=UTF-8");
          response.getWriter().print("first");
          response.resetBuffer();
          response.getWriter().print("second");
        });
    services.put(
        "reset-buffer-of-the-stream",
        (request, response) -> {
          write(response, "0123456789".repeat(500));
          response.resetBuffer();
          write(response, "second");
        });
    services.put(
        "reset-buffer-of-a-surrogate",
        (request, response) -> {
          response.setContentType("text/plain;charset=UTF-8");
          response.getWriter().write("\uD834");
          response.resetBuffer();
          response.getWriter().write("second");
        });
    services.put(
        "reset-after-a-flush",
        (request, response) -> {
          write(response, "first");
          response.flushBuffer();
          write(response, refused(response::reset));
          write(response, refused(response::resetBuffer));
        });
  }

  /** Tells whether something is refused, for the body. */
  static String refused(Attempt attempt) throws IOException {
    try {
      attempt.run();
      return " allowed";
    } catch (IllegalStateException e) {
      return " refused";
    }
  }

  /** What may be refused. */
  @FunctionalInterface
  interface Attempt {
    void run() throws IOException;
  }
}
