package dev.headgate.containers.laboratory;

import static dev.headgate.containers.laboratory.Writing.write;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Servlets that say in which charset they write, early, late or not at all. */
final class Encoding {

  private static final String TEXT = "süß, and not in Latin-1: € 𝄞";

  private Encoding() {}

  static Map<String, Service> services() {
    Map<String, Service> services = new LinkedHashMap<>();
    addTypes(services);
    addLate(services);
    addLocales(services);
    return services;
  }

  private static void addTypes(Map<String, Service> services) {
    for (String type :
        new String[] {
          "text/plain",
          "text/html;charset=utf-8",
          "text/html; charset=\"UTF-8\"",
          "application/json",
          "application/json;charset=ISO-8859-1",
          "image/svg+xml",
          "text/plain;charset=UTF-16LE",
          "text/plain;charset=windows-1252",
          "text/html;level=1;charset=UTF-8",
          "bogus"
        }) {
      services.put(
          "type-" + type.replaceAll("\\W", "-"),
          (request, response) -> {
            response.setContentType(type);
            response.getWriter().print(TEXT);
          });
    }
    services.put("no-type", (request, response) -> response.getWriter().print(TEXT));
    services.put(
        "type-by-header",
        (request, response) -> {
          response.setHeader("Content-Type", "text/html;charset=UTF-8");
          response.getWriter().print(TEXT);
        });
    services.put(
        "type-taken-back",
        (request, response) -> {
          response.setContentType("text/html;charset=UTF-8");
          response.setContentType(null);
          write(response, TEXT);
        });
    services.put(
        "charset-after-the-type",
        (request, response) -> {
          response.setContentType("text/html;charset=ISO-8859-1");
          response.setCharacterEncoding("UTF-8");
          response.getWriter().print(TEXT);
        });
    services.put(
        "charset-alone",
        (request, response) -> {
          response.setCharacterEncoding("UTF-8");
          response.getWriter().print(TEXT);
        });
    services.put(
        "charset-of-a-stream",
        (request, response) -> {
          response.setCharacterEncoding("UTF-16");
          response.setContentType("text/plain");
          response.getOutputStream().print("in ASCII");
        });
  }

  private static void addLate(Map<String, Service> services) {
    services.put(
        "charset-after-the-writer",
        (request, response) -> {
          response.setContentType("text/html");
          response.getWriter().print(TEXT);
          response.setCharacterEncoding("UTF-8");
          response.getWriter().print(TEXT);
        });
    services.put(
        "type-after-the-writer",
        (request, response) -> {
          response.setContentType("text/html;charset=UTF-8");
          response.getWriter().print(TEXT);
          response.setContentType("text/plain;charset=ISO-8859-1");
          response.getWriter().print(TEXT);
          response.getWriter().print(response.getContentType());
        });
    services.put(
        "first-type-after-the-writer",
        (request, response) -> {
          response.getWriter().print(TEXT);
          response.setContentType("application/json");
          response.getWriter().print(response.getCharacterEncoding());
        });
    services.put(
        "type-after-the-stream",
        (request, response) -> {
          response.getOutputStream().print("one");
          response.setContentType("text/css;charset=UTF-8");
          response.getOutputStream().print(response.getContentType());
        });
    services.put(
        "both-the-writer-and-the-stream",
        (request, response) -> {
          response.getWriter().print("writer");
          response.getWriter().print(Buffering.refused(response::getOutputStream));
        });
    services.put(
        "both-the-stream-and-the-writer",
        (request, response) -> {
          write(response, "stream");
          write(response, Buffering.refused(response::getWriter));
        });
  }

  private static void addLocales(Map<String, Service> services) {
    services.put(
        "locale",
        (request, response) -> {
          response.setContentType("text/html");
          response.setLocale(Locale.JAPANESE);
          response.getWriter().print(response.getCharacterEncoding() + TEXT);
        });
    services.put(
        "locale-and-charset",
        (request, response) -> {
          response.setCharacterEncoding("UTF-8");
          response.setLocale(Locale.GERMANY);
          response.setContentType("text/html");
          response.getWriter().print(TEXT);
        });
    services.put(
        "locale-after-the-writer",
        (request, response) -> {
          response.setContentType("text/html");
          response.getWriter().print(TEXT);
          response.setLocale(Locale.JAPANESE);
          response.getWriter().print(response.getLocale());
        });
  }
}
