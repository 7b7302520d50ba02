package dev.headgate.datasource;

import dev.headgate.datasource.Marks.Mark;
import java.sql.SQLException;
import java.sql.Savepoint;
import org.jspecify.annotations.Nullable;

/** A savepoint that the application has set on a handle: a further mark of the handle's. */
final class HandleSavepoint implements Savepoint {

  private final int id;
  private final @Nullable String name;
  private final Mark mark;

  HandleSavepoint(int id, @Nullable String name, Mark mark) {
    this.id = id;
    this.name = name;
    this.mark = mark;
  }

  Mark mark() {
    return mark;
  }

  @Override
  public int getSavepointId() throws SQLException {
    if (name != null) {
      throw new SQLException("this savepoint has a name and no id");
    }
    return id;
  }

  @Override
  public String getSavepointName() throws SQLException {
    if (name == null) {
      throw new SQLException("this savepoint has an id and no name");
    }
    return name;
  }
}
