package dev.headgate.faults;

import java.lang.reflect.Method;
import java.sql.SQLException;
import java.sql.Savepoint;

/** A {@link Savepoint}, as the client sees it. Having no server's side, it is always usable. */
final class SavepointCalls extends CountedCalls<Savepoint> {

  private final int id;
  private final String name;

  /** With a null name, the savepoint has an id only. */
  SavepointCalls(ConnectionCalls owner, int id, String name) {
    super(Savepoint.class, owner.calls(), owner.connection());
    this.id = id;
    this.name = name;
  }

  @Override
  void checkUsable() {}

  @Override
  Object answer(Method method, Object[] args) throws SQLException {
    boolean idWanted = method.getName().equals("getSavepointId");
    if (idWanted == (name != null)) {
      throw new SQLException(this + (idWanted ? " has no id, but a name" : " has no name"));
    }
    return idWanted ? (Object) id : name;
  }

  @Override
  public String toString() {
    return name == null ? "savepoint " + id : "savepoint \"" + name + "\"";
  }
}
