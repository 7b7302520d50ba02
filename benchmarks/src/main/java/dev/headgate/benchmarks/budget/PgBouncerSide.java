package dev.headgate.benchmarks.budget;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Connections of clients to PgBouncer: a new one for each request, or kept by each thread. */
final class PgBouncerSide implements Side {

  private final String mode;
  private final PgBouncer bouncer;
  private final Databases databases;
  private final boolean persistent;
  private final Queue<Connection> kept = new ConcurrentLinkedQueue<>();
  private final ThreadLocal<Map<Integer, Connection>> mine = ThreadLocal.withInitial(HashMap::new);

  PgBouncerSide(String mode, PgBouncer bouncer, Databases databases, boolean persistent) {
    this.mode = mode;
    this.bouncer = bouncer;
    this.databases = databases;
    this.persistent = persistent;
  }

  @Override
  public String name() {
    return "PgBouncer, %s, %s clients".formatted(mode, persistent ? "persistent" : "new");
  }

  @Override
  public void with(int database, Work work) throws SQLException {
    if (!persistent) {
      try (Connection connection = bouncer.connect(databases.name(database))) {
        work.with(connection);
      }
      return;
    }
    Map<Integer, Connection> connections = mine.get();
    Connection connection = connections.get(database);
    if (connection == null) {
      connection = bouncer.connect(databases.name(database));
      connections.put(database, connection);
      kept.add(connection);
    }
    work.with(connection);
  }

  @Override
  public void close() throws IOException, SQLException {
    for (Connection connection : kept) {
      connection.close();
    }
    bouncer.close();
  }
}
