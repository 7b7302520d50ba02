package dev.headgate.containers.laboratory;

import jakarta.servlet.http.HttpServletResponse;
import java.util.Arrays;

/** Whether the container has the methods that came with Servlet 6.1. */
final class Servlet61 {

  static final boolean MISSING =
      Arrays.stream(HttpServletResponse.class.getMethods())
          .noneMatch(
              method -> method.getName().equals("sendRedirect") && method.getParameterCount() == 3);

  private Servlet61() {}
}
