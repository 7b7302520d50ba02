package dev.headgate.datasource;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The places in a physical transaction to which it can be undone, as one stack.
 *
 * <p>A mark that is set is only remembered. When a statement follows, the place where it stands
 * becomes a savepoint; marks with no statement between them share one. The start of the transaction
 * is a place that needs no savepoint, so that a request with a single inner transaction costs no
 * round trip more than without.
 *
 * <p>Confined to the thread that has the unit of work.
 */
final class Marks {

  /** A place in the transaction. */
  private static final class Place {

    /** The savepoint, once there is one; never at the start. */
    @Nullable Savepoint savepoint;

    final List<Mark> marks = new ArrayList<>(2);

    /** How many statements had been sent when it was set. */
    final int since;

    Place(int since) {
      this.since = since;
    }
  }

  /** A place that someone remembers, to return to it. */
  static final class Mark {

    private final Object owner;
    private Place place;

    /** Grows with each mark that is set or moved. */
    private int serial;

    /** Whether the owner has worked since the mark was set. */
    private boolean worked;

    /** The last statement of the owner. */
    private int lastWork;

    /** The first statement of anyone else since the mark was set, or 0. */
    private int firstWorkOfOthers;

    /** Whether work of the owner since the mark was undone by someone else. */
    private boolean fallen;

    /** Whether the place where the mark was set is no more. */
    private boolean gone;

    private Mark(Object owner, Place place) {
      this.owner = owner;
      this.place = place;
    }

    /**
     * Returns whether work of the owner would be lost to it if another mark were returned to. What
     * is undone inside a unit that has joined is no loss to the unit: it meant to be undone alone.
     */
    private boolean losesBy(Mark other) {
      boolean inside = owner instanceof UnitMark && other.serial > serial;
      return owner != other.owner && worked && !inside;
    }

    boolean hasWorked() {
      return worked;
    }

    boolean haveOthersWorked() {
      return firstWorkOfOthers > 0;
    }

    boolean hasFallen() {
      return fallen;
    }

    boolean isGone() {
      return gone;
    }
  }

  private final Place start = new Place(0);

  /** From the start upwards. */
  private final List<Place> places = new ArrayList<>(4);

  /** Whether nothing was sent to the database since the top place. */
  private boolean fresh = true;

  /** How many statements have been sent in the transaction. */
  private int statements;

  private int serials;

  /** Whether the driver has refused to release a savepoint, which some never can. */
  private boolean releases = true;

  Marks() {
    places.add(start);
  }

  /** Returns whether nothing was sent to the database since the transaction's start. */
  boolean atStart() {
    return fresh && top() == start;
  }

  /** A statement of this owner follows. Work of anyone is work of a unit that has joined. */
  void worked(Object owner) {
    statements++;
    for (Place place : places) {
      for (Mark mark : place.marks) {
        if (mark.owner == owner || mark.owner instanceof UnitMark) {
          mark.worked = true;
          mark.lastWork = statements;
        } else if (mark.firstWorkOfOthers == 0) {
          mark.firstWorkOfOthers = statements;
        }
      }
    }
  }

  /** Returns whether a statement was sent in the transaction. */
  boolean haveWork() {
    return statements > 0;
  }

  /** Sets a mark here. */
  Mark set(Object owner) {
    if (!fresh) {
      places.add(new Place(statements));
      fresh = true;
    }
    Mark mark = new Mark(owner, top());
    mark.serial = ++serials;
    top().marks.add(mark);
    return mark;
  }

  /**
   * Moves a mark here: what was done since it was set stays. What a unit keeps includes the inner
   * transactions that are open: the mark of one takes along those that were set after it.
   */
  void move(Mark mark) {
    List<Mark> inner = mark.owner instanceof UnitMark ? marksAfter(mark) : List.of();
    if (!fresh) {
      places.add(new Place(statements));
      fresh = true;
    }
    moveToTop(mark);
    for (Mark each : inner) {
      boolean fallen = each.fallen;
      moveToTop(each);
      each.fallen = fallen;
      each.gone = true;
    }
  }

  private void moveToTop(Mark mark) {
    drop(mark);
    put(mark, top());
    mark.serial = ++serials;
  }

  /** Returns the marks that were set or moved after one, the oldest first. */
  private List<Mark> marksAfter(Mark mark) {
    return places.stream()
        .flatMap(place -> place.marks.stream())
        .filter(other -> other.serial > mark.serial)
        .sorted(Comparator.comparingInt(other -> other.serial))
        .toList();
  }

  /** Forgets a mark. */
  void drop(Mark mark) {
    mark.place.marks.remove(mark);
  }

  /** Makes a savepoint of the top place, if there is a mark that needs it; a statement follows. */
  void beforeStatement(Connection connection) throws SQLException {
    if (!fresh) {
      return;
    }
    Place top = top();
    if (top != start && top.savepoint == null) {
      if (top.marks.isEmpty()) {
        places.remove(top);
      } else {
        releaseBelowTop(connection);
        top.savepoint = connection.setSavepoint();
      }
    }
    fresh = false;
  }

  /**
   * Releases the savepoints right below the top place that no one remembers, so that a long row of
   * inner transactions does not nest as many savepoints in the database. Releasing the lowest
   * releases those above it.
   */
  private void releaseBelowTop(Connection connection) throws SQLException {
    Savepoint lowest = null;
    for (int i = places.size() - 2; i > 0 && places.get(i).marks.isEmpty(); i--) {
      lowest = places.remove(i).savepoint;
    }
    if (lowest != null) {
      release(lowest, connection);
    }
  }

  private void release(Savepoint savepoint, Connection connection) throws SQLException {
    if (releases) {
      try {
        connection.releaseSavepoint(savepoint);
      } catch (SQLFeatureNotSupportedException e) {
        releases = false;
      }
    }
  }

  /** Returns whether the mark stands at the start of the transaction. */
  boolean isAtStart(Mark mark) {
    return mark.place == start;
  }

  /** Undoes what was done since the mark; returns whether there was anything to send for it. */
  boolean undo(Mark mark, Connection connection) throws SQLException {
    boolean sent = !fresh || mark.place != top();
    if (sent) {
      if (mark.place == start) {
        connection.rollback();
      } else {
        connection.rollback(mark.place.savepoint);
      }
    }
    fallTo(mark);
    return sent;
  }

  /** Sends a statement that a transaction refuses once the database has given it up. */
  void probe(Connection connection) throws SQLException {
    release(connection.setSavepoint(), connection);
  }

  private void fallTo(Mark mark) {
    Place target = mark.place;
    for (Place place : places) {
      for (Mark other : place.marks) {
        if (other.losesBy(mark) && other.lastWork > target.since) {
          other.fallen = true;
        }
        if (other.firstWorkOfOthers > target.since) {
          other.firstWorkOfOthers = 0;
        }
      }
    }
    while (top() != target) {
      for (Mark other : places.remove(places.size() - 1).marks) {
        other.place = target;
        other.gone = true;
        target.marks.add(other);
      }
    }
    for (Mark here : target.marks) {
      here.worked = false;
    }
    mark.fallen = false;
    if (target == start) {
      statements = 0;
    }
    fresh = true;
  }

  /** All marks stand at the start of a new transaction, with their work kept. */
  void committed() {
    restart();
  }

  /** All marks stand at the start of a new transaction, with the work of their owners gone. */
  void rolledBack() {
    for (Place place : places) {
      for (Mark mark : place.marks) {
        mark.fallen |= mark.worked;
      }
    }
    restart();
  }

  /** All marks stand at the start of a new transaction, as the owner of this one has asked for. */
  void rolledBackFor(Mark mark) {
    rolledBack();
    mark.fallen = false;
  }

  private void restart() {
    for (Place place : places) {
      for (Mark mark : List.copyOf(place.marks)) {
        boolean fallen = mark.fallen;
        drop(mark);
        put(mark, start);
        mark.fallen = fallen;
        mark.gone = true;
      }
    }
    places.clear();
    places.add(start);
    statements = 0;
    fresh = true;
  }

  private static void put(Mark mark, Place place) {
    mark.place = place;
    mark.worked = false;
    mark.firstWorkOfOthers = 0;
    mark.fallen = false;
    place.marks.add(mark);
  }

  private Place top() {
    return places.get(places.size() - 1);
  }
}
