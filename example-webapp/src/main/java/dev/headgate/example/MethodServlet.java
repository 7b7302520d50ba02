package dev.headgate.example;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Set;

/**
 * A servlet that has some methods only, and answers 405 to every other one. {@link HttpServlet}
 * would echo TRACE, send 405 without {@code Allow}, and 501 for methods that it does not know.
 */
abstract class MethodServlet extends HttpServlet {

  private static final long serialVersionUID = 1L;

  private final String allow;

  /** Makes a servlet that has these methods, besides OPTIONS. */
  MethodServlet(String... methods) {
    allow = String.join(", ", methods) + ", OPTIONS";
  }

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws ServletException, IOException {
    if (!Set.of(allow.split(", ")).contains(request.getMethod())) {
      response.setHeader("Allow", allow);
      Answer.text(
          response,
          HttpServletResponse.SC_METHOD_NOT_ALLOWED,
          "There is no such method here. There are: " + allow);
    } else if (request.getMethod().equals("OPTIONS")) {
      response.setHeader("Allow", allow);
    } else {
      super.service(request, response);
    }
  }
}
