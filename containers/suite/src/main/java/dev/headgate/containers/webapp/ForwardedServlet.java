package dev.headgate.containers.webapp;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Answers with as many bytes as {@code size} says, through a stream or a writer. */
public final class ForwardedServlet extends HttpServlet {

  private static final long serialVersionUID = 1L;

  @Override
  protected void doPost(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    response.setHeader("X-Forwarded-Answer", "yes");
    response.setContentType("text/plain;charset=UTF-8");
    String body = "Forwarded!".repeat(Integer.parseInt(request.getParameter("size")) / 10);
    if (request.getParameter("by").equals("stream")) {
      response.getOutputStream().write(body.getBytes(StandardCharsets.UTF_8));
    } else {
      response.getWriter().write(body);
    }
    response.flushBuffer();
  }
}
