package dev.headgate.benchmarks.blackhole;

import dev.headgate.datasource.RoutingDataSource;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** The first notes of the tenant, in its unit of work. */
final class NotesServlet extends HttpServlet {

  private static final long serialVersionUID = 1L;

  private final transient RoutingDataSource dataSource;

  NotesServlet(RoutingDataSource dataSource) {
    this.dataSource = dataSource;
  }

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws ServletException, IOException {
    StringBuilder notes = new StringBuilder();
    try (Connection connection = dataSource.getConnection();
        PreparedStatement select =
            connection.prepareStatement("SELECT body FROM note ORDER BY id LIMIT 20");
        ResultSet rows = select.executeQuery()) {
      while (rows.next()) {
        notes.append(rows.getString(1)).append('\n');
      }
    } catch (SQLException e) {
      throw new ServletException(e);
    }
    byte[] body = notes.toString().getBytes(StandardCharsets.UTF_8);
    response.setContentLength(body.length);
    response.getOutputStream().write(body);
  }
}
