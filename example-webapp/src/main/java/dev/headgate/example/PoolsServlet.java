package dev.headgate.example;

import dev.headgate.filter.UnitOfWorkFilter;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** {@code /pools.json}, on a bare host only: a tenant has no business with the others' pools. */
public final class PoolsServlet extends MethodServlet {

  private static final long serialVersionUID = 1L;

  public PoolsServlet() {
    super("GET", "HEAD");
  }

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws ServletException, IOException {
    if (BareHost.test(request.getServerName())) {
      super.service(request, response);
    } else {
      response.sendError(HttpServletResponse.SC_NOT_FOUND, "There is no such page");
    }
  }

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    Answer.json(response, Json.pools(UnitOfWorkFilter.dataSource(getServletContext()).snapshot()));
  }
}
