package dev.headgate.faults;

import java.lang.reflect.Method;
import java.sql.BatchUpdateException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A {@link Statement}, plain, prepared or callable, as the client sees it. */
final class StatementCalls extends CountedCalls<Statement> {

  private final ConnectionCalls owner;
  private final String prepared;
  private final Map<Integer, String> parameters = new HashMap<>();
  private final List<Command> batch = new ArrayList<>();
  private Answer answer = Answer.NONE;
  private ResultSetCalls result;
  private boolean closed;

  StatementCalls(ConnectionCalls owner, Class<? extends Statement> type, String prepared) {
    super(type, owner.calls(), owner.connection());
    this.owner = owner;
    this.prepared = prepared;
    this.result = new ResultSetCalls(this, List.of());
  }

  void close() {
    closed = true;
  }

  boolean isClosed() {
    return closed;
  }

  @Override
  void checkUsable() throws SQLException {
    connection().checkUsable();
    if (closed) {
      throw new SQLException("closed: " + this);
    }
  }

  @Override
  Object answer(Method method, Object[] args) throws SQLException {
    return switch (method.getName()) {
      case "execute" -> {
        run(command(args));
        yield answer.isQuery();
      }
      case "executeQuery" -> {
        run(command(args));
        yield result.client();
      }
      case "executeUpdate" -> {
        run(command(args));
        yield Math.max(answer.updateCount(), 0);
      }
      case "executeLargeUpdate" -> {
        run(command(args));
        yield (long) Math.max(answer.updateCount(), 0);
      }
      case "addBatch" -> {
        batch.add(command(args));
        yield null;
      }
      case "clearBatch" -> {
        batch.clear();
        yield null;
      }
      case "executeBatch" -> runBatch();
      case "executeLargeBatch" -> Arrays.stream(runBatch()).asLongStream().toArray();
      case "getResultSet" -> answer.isQuery() ? result.client() : null;
      case "getUpdateCount" -> answer.updateCount();
      case "getLargeUpdateCount" -> (long) answer.updateCount();
      case "getMoreResults" -> {
        become(Answer.NONE);
        yield false;
      }
      case "getGeneratedKeys" -> emptyResult();
      case "clearParameters" -> {
        parameters.clear();
        yield null;
      }
      case "getConnection" -> owner.client();
      case "close" -> {
        close();
        yield null;
      }
      case "isClosed" -> closed;
      default -> parameter(method, args);
    };
  }

  private Command command(Object[] args) throws SQLException {
    return Command.of(args.length == 0 ? prepared : (String) args[0], parameters);
  }

  private void run(Command command) throws SQLException {
    become(Answer.NONE);
    become(connection().run(command));
  }

  /** JDBC: a statement has one result; the one before it is closed. */
  private void become(Answer next) {
    result.close();
    answer = next;
    result = new ResultSetCalls(this, next.rows());
  }

  private int[] runBatch() throws SQLException {
    List<Command> commands = List.copyOf(batch);
    batch.clear();
    int[] counts = new int[commands.size()];
    for (int i = 0; i < counts.length; i++) {
      try {
        counts[i] = Math.max(connection().run(commands.get(i)).updateCount(), 0);
      } catch (SQLException e) {
        throw new BatchUpdateException(
            e.getMessage(), e.getSQLState(), e.getErrorCode(), Arrays.copyOf(counts, i), e);
      }
    }
    return counts;
  }

  private ResultSet emptyResult() {
    return new ResultSetCalls(this, List.of()).client();
  }

  /** {@code setString(1, token)} and its kin; {@code setMaxRows(1)} has one argument and passes. */
  private Object parameter(Method method, Object[] args) {
    boolean sets = method.getName().startsWith("set") && args.length >= 2;
    if (sets && args[0] instanceof Integer index) {
      parameters.put(index, method.getName().equals("setNull") ? null : String.valueOf(args[1]));
    }
    return plain(method);
  }

  @Override
  public String toString() {
    return "statement of " + owner;
  }
}
