package dev.headgate.frameworks.suite;

import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.table;

import java.util.List;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.jooq.BatchBindStep;
import org.jooq.Cursor;
import org.jooq.DSLContext;
import org.jooq.Record1;
import org.jooq.SQLDialect;
import org.jooq.impl.DSL;

/** jOOQ, with transactions by {@code transaction(…)}. */
final class Jooq implements Framework {

  private final DSLContext jooq;

  Jooq(DataSource dataSource, SQLDialect dialect) {
    jooq = context(dataSource, dialect);
  }

  static DSLContext context(DataSource dataSource, SQLDialect dialect) {
    // snippet
    DSLContext jooq = DSL.using(dataSource, dialect);
    // end of snippet
    return jooq;
  }

  @Override
  public void add(String body) {
    // snippet
    jooq.transaction(
        inner -> inner.dsl().insertInto(table("note"), field("body")).values(body).execute());
    // end of snippet
  }

  @Override
  public List<String> bodies() {
    return jooq.select(field("body", String.class))
        .from(table("note"))
        .orderBy(field("id"))
        .fetchInto(String.class);
  }

  @Override
  public void addAndRollBack(String body) {
    try {
      jooq.transaction(
          inner -> {
            inner.dsl().insertInto(table("note"), field("body")).values(body).execute();
            throw new OnPurpose();
          });
    } catch (OnPurpose expected) {
      // It has rolled back.
    }
  }

  /** The cursor has the connection until it is closed. */
  @Override
  public void leaveOpen(String body) {
    if (!jooq.select(field("body")).from(table("note")).fetchLazy().hasNext()) {
      throw new IllegalStateException("there is no note to read");
    }
  }

  @Override
  public void changeAll() {
    jooq.transaction(
        inner -> {
          BatchBindStep batch = inner.dsl().batch("UPDATE note SET body = ? WHERE body = ?");
          for (String body : bodies()) {
            batch = batch.bind(body + "!", body);
          }
          batch.execute();
        });
  }

  @Override
  public void stream(Consumer<String> each) {
    jooq.transaction(
        inner -> {
          try (Cursor<Record1<String>> notes =
              inner
                  .dsl()
                  .select(field("body", String.class))
                  .from(table("note"))
                  .orderBy(field("id"))
                  .fetchSize(FETCH_SIZE)
                  .fetchLazy()) {
            notes.forEach(note -> each.accept(note.value1()));
          }
        });
  }

  @Override
  public long number(String sql) {
    return jooq.resultQuery(sql).fetchSingle(0, Long.class);
  }
}
