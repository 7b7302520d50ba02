package dev.headgate.containers.webapp;

import dev.headgate.filter.UnitOfWorkFilter;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/** Adds a note, has another servlet answer, and then does what {@code then} says. */
public final class ForwardServlet extends HttpServlet {

  private static final long serialVersionUID = 1L;

  @Override
  protected void doPost(HttpServletRequest request, HttpServletResponse response)
      throws ServletException, IOException {
    execute("INSERT INTO note (body) VALUES ('forwarded')");
    request.getRequestDispatcher("/forwarded").forward(request, response);
    switch (request.getParameter("then")) {
      case "return" -> {}
      case "throw" -> throw new IllegalStateException("after the forward");
      case "roll-back" ->
          UnitOfWorkFilter.dataSource(getServletContext()).current().setRollbackOnly();
      case "break-commit" -> execute("INSERT INTO note_reference (note_id) VALUES (-1)");
      default -> throw new IllegalArgumentException("then");
    }
  }

  private void execute(String sql) throws ServletException {
    try (Connection connection = UnitOfWorkFilter.dataSource(getServletContext()).getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new ServletException(e);
    }
  }
}
