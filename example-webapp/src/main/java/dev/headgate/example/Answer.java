package dev.headgate.example;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Sends responses whole, as bytes, so that their content type is exactly the one given here. */
final class Answer {

  private Answer() {}

  static void html(HttpServletResponse response, String page) throws IOException {
    send(response, "text/html;charset=UTF-8", page.getBytes(StandardCharsets.UTF_8));
  }

  static void json(HttpServletResponse response, byte[] json) throws IOException {
    send(response, "application/json", json);
  }

  static void text(HttpServletResponse response, int status, String text) throws IOException {
    response.setStatus(status);
    send(response, "text/plain;charset=UTF-8", (text + "\n").getBytes(StandardCharsets.UTF_8));
  }

  private static void send(HttpServletResponse response, String contentType, byte[] body)
      throws IOException {
    response.setContentType(contentType);
    response.setContentLength(body.length);
    response.getOutputStream().write(body);
  }
}
