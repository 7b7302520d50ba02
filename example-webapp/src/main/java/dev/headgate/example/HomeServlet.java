package dev.headgate.example;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.sql.SQLException;

/** {@code /}: on a bare host the landing page, on a tenant's host its notebook. */
public final class HomeServlet extends MethodServlet {

  private static final long serialVersionUID = 1L;

  public HomeServlet() {
    super("GET", "HEAD");
  }

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws ServletException, IOException {
    Site site = Site.of(request);
    if (BareHost.test(request.getServerName())) {
      Answer.html(response, Pages.landing(site));
      return;
    }
    Notes notes = Notes.of(getServletContext());
    try {
      Answer.html(response, Pages.notebook(site, notes.tenant(), notes.all()));
    } catch (SQLException e) {
      throw new ServletException(e);
    }
  }
}
