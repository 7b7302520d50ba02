package dev.headgate.datasource;

import dev.headgate.datasource.Marks.Mark;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * A place in the work of a unit on all its databases, to which that can be undone. All that is done
 * behind it counts as work of its owner, whoever did it.
 */
final class UnitMark {

  private record Place(UnitConnection connection, Mark mark) {}

  private final List<Place> places = new ArrayList<>(1);

  /** Sets the mark in a connection, too. */
  void setIn(UnitConnection connection) throws SQLException {
    places.add(new Place(connection, connection.mark(this)));
  }

  /** Returns where work was done since. */
  List<Route> worked() {
    return places.stream()
        .filter(place -> place.mark.hasWorked())
        .map(place -> place.connection.route())
        .toList();
  }

  /** What was done since stays, if the databases still have it; the mark moves here. */
  void keep() throws SQLException {
    for (Place place : places) {
      place.connection.requireKept(place.mark);
    }
    for (Place place : places) {
      place.connection.keep(place.mark);
    }
  }

  /** Undoes what was done since; the mark stays where it is. */
  void undo() throws SQLException {
    Throwable first = null;
    for (Place place : places) {
      try {
        place.connection.undo(place.mark);
      } catch (SQLException | RuntimeException | Error e) {
        first = Failures.combine(first, e);
      }
    }
    Failures.rethrow(first);
  }

  void drop() {
    for (Place place : places) {
      place.connection.drop(place.mark);
    }
  }
}
