package dev.headgate.faults;

import java.lang.reflect.Method;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

/** A forward-only {@link ResultSet} with one column, {@code token}, as the client sees it. */
final class ResultSetCalls extends CountedCalls<ResultSet> {

  private static final String COLUMN = "token";

  private final StatementCalls owner;
  private final List<String> rows;
  private int row;
  private boolean closed;

  ResultSetCalls(StatementCalls owner, List<String> rows) {
    super(ResultSet.class, owner.calls(), owner.connection());
    this.owner = owner;
    this.rows = rows;
  }

  void close() {
    closed = true;
  }

  private boolean isClosed() {
    return closed || owner.isClosed();
  }

  @Override
  void checkUsable() throws SQLException {
    connection().checkUsable();
    if (isClosed()) {
      throw new SQLException("closed: " + this);
    }
  }

  @Override
  Object answer(Method method, Object[] args) throws SQLException {
    return switch (method.getName()) {
      case "next" -> {
        row = Math.min(row + 1, rows.size() + 1);
        yield row <= rows.size();
      }
      case "getString", "getObject" -> value(args[0]);
      case "findColumn" -> column(args[0]);
      case "getRow" -> row <= rows.size() ? row : 0;
      case "getStatement" -> owner.client();
      case "close" -> {
        close();
        yield null;
      }
      case "isClosed" -> isClosed();
      default -> plain(method);
    };
  }

  private String value(Object column) throws SQLException {
    column(column);
    if (row == 0 || row > rows.size()) {
      throw new SQLException("not on a row: " + this, "24000");
    }
    return rows.get(row - 1);
  }

  private static int column(Object column) throws SQLException {
    if (column.equals(1) || (column instanceof String name && name.equalsIgnoreCase(COLUMN))) {
      return 1;
    }
    throw new SQLException("no column " + column + ", only 1, \"" + COLUMN + "\"", "42703");
  }

  @Override
  public String toString() {
    return "result of " + owner;
  }
}
