package dev.headgate.faults;

import java.sql.SQLDataException;
import java.sql.SQLException;
import java.sql.SQLIntegrityConstraintViolationException;
import java.sql.SQLTransactionRollbackException;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.List;

/** The work of one connection since its last commit or rollback. Guarded by the server's lock. */
final class Transaction {

  /** One row inserted, or every row of that token deleted. */
  private record Change(boolean insert, String token) {}

  /** A savepoint and how many changes came before it. */
  private record Mark(Savepoint savepoint, int changes) {}

  private final List<Change> changes = new ArrayList<>();
  private final List<Mark> marks = new ArrayList<>();
  private boolean begun;
  private boolean aborted;

  /** Whether anything was done in it, if only a query. */
  boolean hasBegun() {
    return begun;
  }

  /** What is committed if it ends with COMMIT: nothing of it once it is aborted. */
  List<String> committedOver(List<String> committed) {
    return aborted ? committed : seenOver(committed);
  }

  Answer run(Command command, List<String> committed) throws SQLException {
    refuseIfAborted();
    begun = true;
    return switch (command.verb()) {
      case "INSERT" -> {
        changes.add(new Change(true, command.token()));
        yield Answer.updated(1);
      }
      case "DELETE" -> {
        int before = seenOver(committed).size();
        changes.add(new Change(false, command.token()));
        yield Answer.updated(before - seenOver(committed).size());
      }
      case "SELECT" -> Answer.rows(seenOver(committed));
      case "DUPLICATE" ->
          throw new SQLIntegrityConstraintViolationException("duplicate key", "23505");
      case "ABORT" -> {
        aborted = true;
        throw new SQLDataException("division by zero", "22012");
      }
      case "DEADLOCK" -> {
        forget();
        throw new SQLTransactionRollbackException("deadlock found, rolled back", "40001");
      }
      default -> Answer.updated(0);
    };
  }

  void mark(Savepoint savepoint) throws SQLException {
    refuseIfAborted();
    begun = true;
    marks.add(new Mark(savepoint, changes.size()));
  }

  void rollBackTo(Savepoint savepoint) throws SQLException {
    int index = indexOf(savepoint);
    Mark mark = marks.get(index);
    changes.subList(mark.changes(), changes.size()).clear();
    marks.subList(index + 1, marks.size()).clear();
    aborted = false;
  }

  void release(Savepoint savepoint) throws SQLException {
    refuseIfAborted();
    marks.subList(indexOf(savepoint), marks.size()).clear();
  }

  private void forget() {
    changes.clear();
    marks.clear();
    begun = false;
  }

  private List<String> seenOver(List<String> committed) {
    List<String> seen = new ArrayList<>(committed);
    for (Change change : changes) {
      if (change.insert()) {
        seen.add(change.token());
      } else {
        seen.removeIf(change.token()::equals);
      }
    }
    return seen;
  }

  private int indexOf(Savepoint savepoint) throws SQLException {
    for (int i = 0; i < marks.size(); i++) {
      if (marks.get(i).savepoint() == savepoint) {
        return i;
      }
    }
    throw new SQLException(savepoint + " does not exist in this transaction", "3B001");
  }

  private void refuseIfAborted() throws SQLException {
    if (aborted) {
      throw new SQLException("the transaction is aborted, only a rollback is possible", "25P02");
    }
  }
}
