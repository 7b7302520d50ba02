package dev.headgate.containers.laboratory;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** What a servlet does, as a lambda of a test. */
@FunctionalInterface
public interface Service {

  void serve(HttpServletRequest request, HttpServletResponse response)
      throws ServletException, IOException;
}
