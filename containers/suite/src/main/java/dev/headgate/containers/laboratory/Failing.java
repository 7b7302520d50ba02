package dev.headgate.containers.laboratory;

import static dev.headgate.containers.laboratory.Buffering.refused;
import static dev.headgate.containers.laboratory.Writing.write;

import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Servlets that answer with an error, and the error pages for some. None throws after a flush: what
 * the client has of it then without the filter is what the filter is there to prevent.
 */
final class Failing {

  private Failing() {}

  static void addErrorPages(Laboratory.Builder builder) {
    builder
        .servlet("/failed", Failing::page)
        .errorPage(404, "/failed")
        .errorPage(500, "/failed")
        .errorPage(410, "/static/gone.html")
        .errorPage(IllegalArgumentException.class, "/failed");
  }

  private static void page(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    response.setContentType("text/html;charset=UTF-8");
    response
        .getWriter()
        .print(
            "<p>%s: %s, %s, süß"
                .formatted(
                    request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE),
                    request.getAttribute(RequestDispatcher.ERROR_MESSAGE),
                    request.getAttribute(RequestDispatcher.ERROR_EXCEPTION_TYPE)));
  }

  static Map<String, Service> services() {
    Map<String, Service> services = new LinkedHashMap<>();
    for (int status : new int[] {400, 403, 404, 410, 500, 503}) {
      services.put("error-" + status, (request, response) -> response.sendError(status));
      services.put(
          "error-with-a-message-" + status,
          (request, response) -> response.sendError(status, "not today"));
    }
    addErrors(services);
    addExceptions(services);
    return services;
  }

  private static void addErrors(Map<String, Service> services) {
    for (int status : new int[] {403, 404}) {
      services.put(
          "error-after-writing-" + status,
          (request, response) -> {
            response.setHeader("X-Before", "yes");
            response.addCookie(new Cookie("before", "yes"));
            response.setContentType("text/plain;charset=UTF-16");
            response.getWriter().print("dropped");
            response.sendError(status);
            response.setHeader("X-After", "yes");
            response.getWriter().print("dropped, too");
          });
    }
    services.put(
        "error-after-a-flush",
        (request, response) -> {
          write(response, "flushed");
          response.flushBuffer();
          write(response, refused(() -> response.sendError(404)));
        });
    services.put(
        "error-of-200", (request, response) -> response.sendError(200, "not quite an error"));
    services.put(
        "error-twice",
        (request, response) -> {
          response.sendError(404);
          refused(() -> response.sendError(503));
        });
  }

  private static void addExceptions(Map<String, Service> services) {
    services.put(
        "exception-with-a-page",
        (request, response) -> {
          throw new IllegalArgumentException("thrown");
        });
    services.put(
        "exception-inside-another",
        (request, response) -> {
          throw new ServletException(new IllegalArgumentException("thrown"));
        });
    services.put(
        "exception-with-the-page-of-its-status",
        (request, response) -> {
          throw new IOException("thrown");
        });
    services.put(
        "exception-after-writing",
        (request, response) -> {
          response.setStatus(201);
          response.setHeader("X-Before", "yes");
          response.getWriter().print("dropped");
          throw new IllegalArgumentException("thrown");
        });
  }
}
