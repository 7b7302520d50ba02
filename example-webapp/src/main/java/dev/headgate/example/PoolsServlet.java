package dev.headgate.example;

import dev.headgate.filter.UnitOfWorkFilter;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/**
 * {@code /pools.json}, on a bare host only: a tenant has no business with the others' pools. And
 * {@code /pools}, which draws it, for whoever is at this machine.
 */
public final class PoolsServlet extends MethodServlet {

  private static final long serialVersionUID = 1L;

  private static final String PAGE = "/pools";

  public PoolsServlet() {
    super("GET", "HEAD");
  }

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws ServletException, IOException {
    boolean isHere = Loopback.test(request.getRemoteAddr());
    if (BareHost.test(request.getServerName()) && (isHere || !isPage(request))) {
      super.service(request, response);
    } else {
      response.sendError(HttpServletResponse.SC_NOT_FOUND, "There is no such page");
    }
  }

  private static boolean isPage(HttpServletRequest request) {
    return request.getServletPath().equals(PAGE);
  }

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    if (isPage(request)) {
      // It has all in itself, and this keeps it so.
      response.setHeader(
          "Content-Security-Policy",
          "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline';"
              + " connect-src 'self'");
      Answer.html(response, Pages.pools());
    } else {
      response.setHeader("Cache-Control", "no-store");
      Answer.json(
          response,
          PoolsJson.of(
              UnitOfWorkFilter.dataSource(getServletContext()).snapshot(),
              Loopback.test(request.getRemoteAddr())));
    }
  }
}
