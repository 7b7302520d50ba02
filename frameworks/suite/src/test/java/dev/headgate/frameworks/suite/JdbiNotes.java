package dev.headgate.frameworks.suite;

import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.PreparedBatch;

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
  public void changeAll() {
    List<String> bodies = bodies();
    jdbi.useTransaction(
        handle -> {
          PreparedBatch batch =
              handle.prepareBatch("UPDATE note SET body = :changed WHERE body = :body");
          bodies.forEach(body -> batch.bind("body", body).bind("changed", body + "!").add());
          batch.execute();
        });
  }

  @Override
  public void stream(Consumer<String> each) {
    jdbi.useTransaction(
        handle -> {
          try (Stream<String> notes =
              handle
                  .createQuery("SELECT body FROM note ORDER BY id")
                  .setFetchSize(FETCH_SIZE)
                  .mapTo(String.class)
                  .stream()) {
            notes.forEach(each);
          }
        });
  }

  @Override
  public long number(String sql) {
    return jdbi.withHandle(handle -> handle.createQuery(sql).mapTo(Long.class).one());
  }
}
