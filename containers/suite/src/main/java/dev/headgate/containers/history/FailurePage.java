package dev.headgate.containers.history;

import dev.headgate.datasource.OutcomeUnknownException;
import dev.headgate.datasource.RoutingDataSource;
import dev.headgate.filter.UnitOfWorkFilter;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/** Tells the client of a failure what became of its work, and writes a token of its own. */
final class FailurePage extends HttpServlet {

  static final String PATH = "/failure";
  static final String PAGE = "X-Page";
  static final String OUTCOME = "X-Outcome";
  static final String UNKNOWN = "X-Unknown";

  private static final long serialVersionUID = 1L;

  private final transient Script script;
  private final transient RoutingDataSource dataSource;

  FailurePage(Script script, RoutingDataSource dataSource) {
    this.script = script;
    this.dataSource = dataSource;
  }

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws ServletException, IOException {
    Trace trace = script.trace(request);
    trace.event("failure page");
    response.setHeader(PAGE, Integer.toString(trace.plan().index()));
    response.setHeader(OUTCOME, String.valueOf(request.getAttribute(UnitOfWorkFilter.OUTCOME)));
    response.setHeader(UNKNOWN, Boolean.toString(isUnknown(request)));
    if (trace.plan().index() % 2 == 0) {
      try (Connection connection = dataSource.getConnection();
          Statement statement = connection.createStatement()) {
        statement.executeUpdate("INSERT INTO token VALUES (" + trace.pageToken() + ")");
        trace.paged();
      } catch (SQLException e) {
        throw new ServletException(e);
      }
    }
    response.getWriter().println("failed");
  }

  private static boolean isUnknown(HttpServletRequest request) {
    Object thrown = request.getAttribute(RequestDispatcher.ERROR_EXCEPTION);
    Throwable next = thrown instanceof Throwable failure ? failure : null;
    while (next != null) {
      if (next instanceof OutcomeUnknownException) {
        return true;
      }
      next = next.getCause();
    }
    return false;
  }
}
