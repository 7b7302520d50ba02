package dev.headgate.benchmarks.budget;

import dev.headgate.benchmarks.harness.Postgres;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Random;

/** The databases, of which some are asked for more often than others. */
record Databases(int count) {

  /** The standard deviation of the half-normal distribution, as a part of their number. */
  private static final int SIGMA_PART = 3;

  String name(int database) {
    return "tenant" + database;
  }

  void create(Postgres server) throws SQLException {
    for (int i = 0; i < count; i++) {
      server.execute("CREATE DATABASE " + name(i));
    }
  }

  int draw(Random random) {
    int drawn = count;
    while (drawn >= count) {
      drawn = (int) (Math.abs(random.nextGaussian()) * count / SIGMA_PART);
    }
    return drawn;
  }

  /** Asks a connection where it leads, which has to be there. */
  void check(Connection connection, int database) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery("SELECT current_database()")) {
      result.next();
      if (!name(database).equals(result.getString(1))) {
        throw new SQLException(
            "it leads to %s in place of %s".formatted(result.getString(1), name(database)));
      }
    }
  }
}
