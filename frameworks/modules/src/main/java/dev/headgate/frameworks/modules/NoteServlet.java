package dev.headgate.frameworks.modules;

import dev.headgate.filter.UnitOfWorkFilter;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import javax.sql.DataSource;

/** Stores the note that is in the query string, and answers with the tenant and the note. */
final class NoteServlet extends HttpServlet {

  private static final long serialVersionUID = 1L;

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException, ServletException {
    var dataSource = UnitOfWorkFilter.dataSource(getServletContext());
    String text = request.getQueryString();
    try {
      insert(dataSource, text);
    } catch (SQLException e) {
      throw new ServletException(e);
    }
    response.getWriter().print(dataSource.current().tenant() + " stored " + text);
  }

  private static void insert(DataSource dataSource, String text) throws SQLException {
    try (Connection connection = dataSource.getConnection();
        PreparedStatement insert = connection.prepareStatement("INSERT INTO note VALUES (?)")) {
      insert.setString(1, text);
      insert.executeUpdate();
    }
  }
}
