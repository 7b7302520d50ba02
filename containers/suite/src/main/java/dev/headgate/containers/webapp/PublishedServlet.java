package dev.headgate.containers.webapp;

import dev.headgate.filter.UnitOfWorkFilter;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import javax.naming.InitialContext;
import javax.naming.NamingException;
import javax.sql.DataSource;

/** Answers whether the data source in JNDI is the very one of the web application. */
public final class PublishedServlet extends HttpServlet {

  private static final long serialVersionUID = 1L;

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws ServletException, IOException {
    try {
      Object found = lookUp(request.getParameter("as"));
      response.setContentType("text/plain;charset=UTF-8");
      response.getWriter().print(found == UnitOfWorkFilter.dataSource(getServletContext()));
    } catch (NamingException e) {
      throw new ServletException(e);
    }
  }

  @SuppressWarnings("BanJNDI") // The names stand here.
  private static DataSource lookUp(String as) throws NamingException {
    if (as.equals("resource")) {
      return InitialContext.doLookup("java:comp/env/jdbc/tenants");
    }
    // snippet
    DataSource dataSource = InitialContext.doLookup("jdbc/tenants");
    // end of snippet
    return dataSource;
  }
}
