package dev.headgate.containers.answers;

import dev.headgate.containers.stage.Trial;
import java.sql.SQLException;

/** What keeps the work of a request from being stored, and shows at COMMIT alone. */
enum Failure {
  DEFERRED_CONSTRAINT {
    @Override
    void happenTo(Trial trial) throws SQLException {
      trial.insertWhatCanNotBeCommitted();
    }
  },
  SWALLOWED_DUPLICATE_KEY {
    @Override
    void happenTo(Trial trial) throws SQLException {
      trial.insert("twice");
      try {
        trial.insert("twice");
        throw new AssertionError("the key can't be there twice");
      } catch (SQLException e) {
        // PostgreSQL has given the transaction up, and says so to nobody at COMMIT.
      }
    }
  };

  abstract void happenTo(Trial trial) throws SQLException;
}
