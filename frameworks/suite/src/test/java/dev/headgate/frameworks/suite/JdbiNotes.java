package dev.headgate.frameworks.suite;

import java.util.List;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** Jdbi, with transactions by {@code useTransaction(…)}. */
final class JdbiNotes implements Framework {

  private final Jdbi jdbi;

  JdbiNotes(DataSource dataSource) {
    // snippet
    Jdbi jdbi = Jdbi.create(dataSource);
    // end of snippet
    this.jdbi = jdbi;
  }

  private static void insert(Handle handle, String body) {
    handle.createUpdate("INSERT INTO note (body) VALUES (:body)").bind("body", body).execute();
  }

  @Override
  public void add(String body) {
    // snippet
    jdbi.useTransaction(
        handle ->
            handle
                .createUpdate("INSERT INTO note (body) VALUES (:body)")
                .bind("body", body)
                .execute());
    // end of snippet
  }

  @Override
  public List<String> bodies() {
    return jdbi.inTransaction(
        handle ->
            handle.createQuery("SELECT body FROM note ORDER BY id").mapTo(String.class).list());
  }

  @Override
  public void addAndRollBack(String body) {
    jdbi.useTransaction(
        handle -> {
          insert(handle, body);
          handle.rollback();
        });
  }

  @Override
  public void leaveOpen(String body) {
    insert(jdbi.open().begin(), body);
  }

  @Override
  public long number(String sql) {
    return jdbi.withHandle(handle -> handle.createQuery(sql).mapTo(Long.class).one());
  }
}
