package dev.headgate.containers.laboratory;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** Serves every method in the same way; a {@code HEAD} too, as a {@code GET}. */
final class ServiceServlet extends HttpServlet {

  private static final long serialVersionUID = 1L;

  private final transient Service service;

  ServiceServlet(Service service) {
    this.service = service;
  }

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws ServletException, IOException {
    service.serve(request, response);
  }
}
