package dev.headgate.example;

import dev.headgate.filter.UnitOfWorkFilter;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.EOFException;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.concurrent.locks.LockSupport;

/**
 * Stores two rows, and reads the body between them: as long as a client keeps it back, the request
 * is half done. With {@code hang} it never goes on, and nothing wakes it.
 */
public final class PairsServlet extends HttpServlet {

  private static final long serialVersionUID = 1L;

  @Override
  protected void doPost(HttpServletRequest request, HttpServletResponse response)
      throws ServletException, IOException {
    try {
      String id = request.getPathInfo().substring(1);
      insert(id + "-first");
      if (request.getInputStream().read() < 0) {
        throw new EOFException("the body is missing");
      }
      while ("hang".equals(request.getQueryString())) {
        LockSupport.park(this);
        Thread.interrupted();
      }
      insert(id + "-second");
    } catch (SQLException e) {
      throw new ServletException(e);
    }
    response.setContentLength(0);
  }

  private void insert(String part) throws SQLException {
    try (Connection connection = UnitOfWorkFilter.dataSource(getServletContext()).getConnection();
        PreparedStatement insert = connection.prepareStatement("INSERT INTO pair VALUES (?)")) {
      insert.setString(1, part);
      insert.executeUpdate();
    }
  }
}
