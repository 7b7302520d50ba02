package dev.headgate.containers.webapp;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.security.Principal;

/** The page of a form login, and that of who is logged in, where a POST logs out. */
public final class LoginServlet extends HttpServlet {

  private static final long serialVersionUID = 1L;

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    Principal user = request.getUserPrincipal();
    response.setContentType("text/plain;charset=UTF-8");
    response.getWriter().print(user == null ? "Who are you?" : "You are " + user.getName());
  }

  @Override
  protected void doPost(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    // Tomcat forwards to the page of the login with the method of the request that needs one.
    if (request.getServletPath().equals("/account")) {
      request.getSession().invalidate();
    } else {
      doGet(request, response);
    }
  }
}
