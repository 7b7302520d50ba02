package dev.headgate.containers.laboratory;

import dev.headgate.filter.UnitOfWorkFilter;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/** Whether and when a request works on its tenant's database, as its query string says. */
enum Touch {
  NEVER,
  BEFORE_THE_SERVLET,
  AFTER_THE_SERVLET;

  static final String SCHEMA = "CREATE TABLE touched (id serial)";

  /** Returns a target, whose own query string ends here. */
  String target(String target) {
    return target + (target.indexOf('?') < 0 ? "?" : "&") + this;
  }

  /** Returns the filter that does it, to stand behind that of units of work. */
  static Filter filter() {
    return Touch::doFilter;
  }

  private static void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    BEFORE_THE_SERVLET.touch(request);
    chain.doFilter(request, response);
    AFTER_THE_SERVLET.touch(request);
  }

  private void touch(ServletRequest request) throws ServletException {
    String query = ((HttpServletRequest) request).getQueryString();
    if (query != null && query.endsWith(name())) {
      try (Connection connection =
              UnitOfWorkFilter.dataSource(request.getServletContext()).getConnection();
          Statement statement = connection.createStatement()) {
        statement.execute("INSERT INTO touched DEFAULT VALUES");
      } catch (SQLException e) {
        throw new ServletException(e);
      }
    }
  }
}
