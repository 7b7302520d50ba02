package dev.headgate.containers.laboratory;

import static dev.headgate.containers.laboratory.Writing.write;

import jakarta.servlet.http.Cookie;
import java.util.LinkedHashMap;
import java.util.Map;

/** Servlets that set the status, headers and cookies. */
final class Heading {

  private Heading() {}

  static Map<String, Service> services() {
    Map<String, Service> services = new LinkedHashMap<>();
    addStatuses(services);
    addHeaders(services);
    addLengths(services);
    addCookies(services);
    return services;
  }

  private static void addStatuses(Map<String, Service> services) {
    for (int status : new int[] {200, 201, 202, 204, 205, 206, 299, 300, 304, 404, 409, 503}) {
      services.put("status-" + status, (request, response) -> response.setStatus(status));
    }
    for (int status : new int[] {201, 404, 500}) {
      services.put(
          "status-with-a-body-" + status,
          (request, response) -> {
            response.setStatus(status);
            response.setContentType("text/plain");
            write(response, "the application's own");
          });
    }
    services.put(
        "not-modified",
        (request, response) -> {
          response.setStatus(304);
          response.setHeader("ETag", "\"1\"");
          response.setDateHeader("Last-Modified", 0);
          response.setHeader("Vary", "Accept");
          response.setContentType("text/plain");
        });
    services.put(
        "no-content-flushed",
        (request, response) -> {
          response.setStatus(204);
          response.flushBuffer();
        });
  }

  private static void addHeaders(Map<String, Service> services) {
    services.put(
        "headers",
        (request, response) -> {
          response.addHeader("X-B", "1");
          response.addHeader("X-A", "1");
          response.addHeader("X-B", "2");
          response.addIntHeader("X-A", 2);
          response.addDateHeader("X-B", 0);
          response.setHeader("X-C", "1");
          response.setHeader("X-C", "2");
          response.setIntHeader("X-D", 4);
          response.setDateHeader("Expires", 1_000_000_000_000L);
          response.setHeader("Cache-Control", "no-store");
          response.addHeader("Vary", "Accept");
          response.addHeader("Vary", "Cookie");
          response.setHeader("x-lower", "case");
          response.setHeader("X-Empty", "");
          write(response, response.getHeaders("X-B") + " " + response.containsHeader("X-None"));
        });
    services.put(
        "headers-as-seen",
        (request, response) -> {
          response.setHeader("X-A", "1");
          response.setContentType("text/plain;charset=UTF-8");
          response.setContentLength(2);
          response.setContentLengthLong(-1);
          response.getWriter().print(response.getHeaderNames());
          response.getWriter().print(response.getHeader("Content-Type"));
          response.getWriter().print(response.getContentType());
          response.getWriter().print(response.getHeader("Content-Length"));
        });
    services.put(
        "a-header-that-closes",
        (request, response) -> {
          response.setHeader("Connection", "close");
          write(response, "the last one");
        });
    services.put(
        "a-date-of-its-own",
        (request, response) -> {
          response.setHeader("Server", "own");
          write(response, "own");
        });
    services.put(
        "disposition",
        (request, response) -> {
          response.setContentType("application/pdf");
          response.setHeader("Content-Disposition", "attachment; filename=\"a b.pdf\"");
          response.setContentLength(4);
          write(response, "%PDF");
        });
  }

  private static void addLengths(Map<String, Service> services) {
    services.put("length-0", (request, response) -> response.setContentLength(0));
    services.put(
        "length-by-header",
        (request, response) -> {
          response.setHeader("Content-Length", "3");
          write(response, "one");
        });
    services.put(
        "length-by-int-header",
        (request, response) -> {
          response.setIntHeader("content-length", 3);
          response.getWriter().print("one");
        });
    services.put(
        "length-of-a-writer",
        (request, response) -> {
          response.setCharacterEncoding("UTF-8");
          response.setContentLength(5);
          response.getWriter().print("süß");
        });
    services.put(
        "length-set-late",
        (request, response) -> {
          write(response, "one");
          response.setContentLength(6);
          write(response, "two");
        });
    services.put(
        "length-of-what-is-not-sent",
        (request, response) -> {
          if (request.getMethod().equals("HEAD")) {
            response.setContentLength(1000);
          }
        });
  }

  private static void addCookies(Map<String, Service> services) {
    services.put(
        "cookies",
        (request, response) -> {
          var cookie = new Cookie("seen", "yes");
          cookie.setPath("/");
          cookie.setHttpOnly(true);
          cookie.setSecure(true);
          cookie.setAttribute("SameSite", "Lax");
          response.addCookie(cookie);
          response.setHeader("X-Between", "yes");
          response.addCookie(new Cookie("other", "1"));
          response.addHeader("Set-Cookie", "third=2");
          write(response, "cookies");
        });
    services.put(
        "session",
        (request, response) -> {
          request.getSession().setMaxInactiveInterval(1);
          write(response, "session");
        });
    services.put(
        "session-after-a-flush",
        (request, response) -> {
          response.flushBuffer();
          write(response, Buffering.refused(request::getSession));
        });
  }
}
