package dev.headgate.containers.laboratory;

import static dev.headgate.containers.laboratory.Buffering.refused;
import static dev.headgate.containers.laboratory.Writing.write;

import jakarta.servlet.http.Cookie;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** Servlets that redirect, in all forms. */
final class Redirecting {

  private Redirecting() {}

  static Map<String, Service> services() {
    Map<String, Service> services = new LinkedHashMap<>();
    String[] locations = {
      "next",
      "../next",
      "/next?a=b",
      "/süß",
      "?a=b",
      "#part",
      "",
      ".",
      "//other.example.com/x",
      "http://other.example.com/x?y=z#part",
      "http://other.example.com/a b"
    };
    for (int i = 0; i < locations.length; i++) {
      String location = locations[i];
      services.put("redirect-" + i, (request, response) -> response.sendRedirect(location));
    }
    addMore(services);
    addOf61(services);
    return services;
  }

  private static void addMore(Map<String, Service> services) {
    services.put(
        "redirect-with-headers",
        (request, response) -> {
          response.addCookie(new Cookie("seen", "yes"));
          response.setHeader("Cache-Control", "no-store");
          response.setContentType("text/html;charset=UTF-8");
          response.sendRedirect("/next");
          response.setHeader("X-After", "yes");
        });
    services.put(
        "redirect-after-writing",
        (request, response) -> {
          response.getWriter().print("dropped");
          response.sendRedirect("/next");
          response.getWriter().print("dropped, too");
        });
    services.put(
        "redirect-of-a-stream",
        (request, response) -> {
          write(response, "dropped");
          response.sendRedirect("/next");
          try {
            write(response, "dropped, too");
          } catch (IOException e) {
            // Whether it is refused or ignored is the container's.
          }
        });
    services.put(
        "redirect-after-a-flush",
        (request, response) -> {
          response.getWriter().print("flushed");
          response.flushBuffer();
          response.getWriter().print(refused(() -> response.sendRedirect("/next")));
        });
    services.put(
        "redirect-by-hand",
        (request, response) -> {
          response.setStatus(303);
          response.setHeader("Location", "/next");
        });
    services.put(
        "redirect-encoded",
        (request, response) -> response.sendRedirect(response.encodeRedirectURL("/next")));
  }

  private static void addOf61(Map<String, Service> services) {
    for (int status : new int[] {301, 303, 307}) {
      services.put(
          "redirect-status-" + status,
          (request, response) -> {
            if (!Servlet61.MISSING) {
              write(response, "dropped");
              response.sendRedirect("next", status);
            }
          });
    }
    for (boolean clear : new boolean[] {true, false}) {
      services.put(
          "redirect-clear-" + clear,
          (request, response) -> {
            if (!Servlet61.MISSING) {
              write(response, "kept?");
              response.sendRedirect("/next", clear);
            }
          });
      services.put(
          "redirect-303-of-a-writer-clear-" + clear,
          (request, response) -> {
            if (!Servlet61.MISSING) {
              response.setContentType("text/html;charset=UTF-8");
              response.getWriter().print("kept?");
              response.sendRedirect("/next", 303, clear);
            }
          });
    }
  }
}
