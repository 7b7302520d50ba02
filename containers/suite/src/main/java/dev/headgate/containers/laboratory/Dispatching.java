package dev.headgate.containers.laboratory;

import static dev.headgate.containers.laboratory.Buffering.refused;
import static dev.headgate.containers.laboratory.Writing.write;

import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.ServletException;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** Servlets that have others answer. */
final class Dispatching {

  private Dispatching() {}

  static Map<String, Service> services() {
    Map<String, Service> services = new LinkedHashMap<>();
    for (String target :
        new String[] {
          "/stream-1",
          "/stream-20480",
          "/writer-UTF-8-102400",
          "/stream-with-length-8192",
          "/flush-in-the-middle",
          "/writer-close",
          "/redirect-2",
          "/error-403",
          "/error-404",
          "/exception-with-a-page",
          "/session",
          "/static/text.txt",
          "/static/large.txt",
          "/static/missing.txt"
        }) {
      addDispatches(services, target);
    }
    for (String name : new String[] {"stream-1", "writer-UTF-8-1", "default"}) {
      addNamed(services, name);
    }
    addMore(services);
    return services;
  }

  private static void addDispatches(Map<String, Service> services, String target) {
    String name = target.substring(1).replace('/', '-');
    services.put(
        "forward-to-" + name,
        (request, response) -> {
          response.setHeader("X-Before", "yes");
          request.getRequestDispatcher(target).forward(request, response);
          response.setHeader("X-After", "yes");
        });
    services.put(
        "include-of-" + name,
        (request, response) -> {
          write(response, "before, ");
          request.getRequestDispatcher(target).include(request, response);
        });
  }

  private static void addNamed(Map<String, Service> services, String name) {
    services.put(
        "forward-to-named-" + name,
        (request, response) ->
            request.getServletContext().getNamedDispatcher(name).forward(request, response));
    services.put(
        "include-of-named-" + name,
        (request, response) -> {
          response.setHeader("X-Before", "yes");
          request.getServletContext().getNamedDispatcher(name).include(request, response);
          response.setHeader("X-After", "yes");
        });
  }

  private static void addMore(Map<String, Service> services) {
    services.put(
        "forward-after-writing",
        (request, response) -> {
          response.getWriter().print("dropped");
          request.getRequestDispatcher("/writer-print").forward(request, response);
          response.getWriter().print("dropped, too");
        });
    services.put(
        "forward-of-a-forward",
        (request, response) ->
            request.getRequestDispatcher("/forward-to-stream-1").forward(request, response));
    services.put(
        "forward-in-the-context",
        (request, response) ->
            request
                .getServletContext()
                .getRequestDispatcher("/stream-1?a=b")
                .forward(request, response));
    services.put(
        "forward-after-a-flush",
        (request, response) -> {
          response.getWriter().print("flushed");
          response.flushBuffer();
          RequestDispatcher other = request.getRequestDispatcher("/writer-print");
          response
              .getWriter()
              .print(
                  refused(
                      () -> {
                        try {
                          other.forward(request, response);
                        } catch (ServletException e) {
                          throw new IOException(e);
                        }
                      }));
        });
    services.put(
        "include-between",
        (request, response) -> {
          response.setContentType("text/html;charset=UTF-8");
          response.getWriter().print("<ul>");
          request.getRequestDispatcher("/writer-print").include(request, response);
          request.getRequestDispatcher("/type-text-plain").include(request, response);
          request.getRequestDispatcher("/headers-as-seen").include(request, response);
          response.getWriter().print("</ul>");
        });
    services.put(
        "include-of-a-file-by-a-writer",
        (request, response) -> {
          response.setContentType("text/html;charset=UTF-8");
          response.getWriter().print("<p>");
          request.getRequestDispatcher("/static/included.txt").include(request, response);
          response.getWriter().print("</p>");
        });
    services.put(
        "include-that-flushes",
        (request, response) -> {
          write(response, "before");
          request.getRequestDispatcher("/flush-in-the-middle").include(request, response);
          write(response, "after");
        });
  }
}
