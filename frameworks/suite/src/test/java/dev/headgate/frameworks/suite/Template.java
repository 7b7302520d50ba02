package dev.headgate.frameworks.suite;

import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;

/** Spring's JdbcTemplate outside of its transactions, where each statement commits itself. */
final class Template implements Framework {

  private final JdbcTemplate jdbc;

  Template(DataSource dataSource) {
    jdbc = new JdbcTemplate(dataSource);
    jdbc.setFetchSize(FETCH_SIZE);
  }

  @Override
  public void add(String body) {
    // snippet
    jdbc.update("INSERT INTO note (body) VALUES (?)", body);
    // end of snippet
  }

  @Override
  public List<String> bodies() {
    return jdbc.queryForList("SELECT body FROM note ORDER BY id", String.class);
  }

  @Override
  public void addAndRollBack(String body) {
    throw new UnsupportedOperationException("it has no transaction");
  }

  /** The stream has the connection until it is closed. */
  @Override
  public void leaveOpen(String body) {
    Stream<String> notes =
        jdbc.queryForStream("SELECT body FROM note", (row, number) -> row.getString(1));
    if (!notes.iterator().hasNext()) {
      throw new IllegalStateException("there is no note to read");
    }
  }

  @Override
  public void changeAll() {
    changeAll(jdbc, bodies());
  }

  static void changeAll(JdbcTemplate jdbc, List<String> bodies) {
    jdbc.batchUpdate(
        "UPDATE note SET body = ? WHERE body = ?",
        bodies.stream().map(body -> new Object[] {body + "!", body}).toList());
  }

  @Override
  public void stream(Consumer<String> each) {
    stream(jdbc, each);
  }

  static void stream(JdbcTemplate jdbc, Consumer<String> each) {
    try (Stream<String> notes =
        jdbc.queryForStream(
            "SELECT body FROM note ORDER BY id", (row, number) -> row.getString(1))) {
      notes.forEach(each);
    }
  }

  @Override
  public long number(String sql) {
    return jdbc.queryForObject(sql, Long.class);
  }
}
