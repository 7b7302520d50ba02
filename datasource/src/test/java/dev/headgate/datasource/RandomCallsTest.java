package dev.headgate.datasource;

import static dev.headgate.datasource.StubTenant.execute;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.datasource.pool.Database;
import dev.headgate.faults.StubDatabase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Random calls on a unit of work over two databases: what is stored is what a simple model says,
 * and in a rehearsal the same is visible, with the same answers on the way.
 */
@Tag("long")
class RandomCallsTest {

  private static final int SEEDS = Boolean.getBoolean("headgate.stress") ? 500 : 200;

  private static final TenantId TENANT = TenantId.of("acme");

  /** Who can take work back: an inner transaction, or a unit that has joined. */
  private static final class Guard {
    int serial;

    Guard(int serial) {
      this.serial = serial;
    }
  }

  private static final class Token {
    final int database;
    final String text;
    final Object author;
    final Set<Guard> guards;
    boolean gone;
    boolean stored;

    Token(int database, String text, Object author, Set<Guard> guards) {
      this.database = database;
      this.text = text;
      this.author = author;
      this.guards = guards;
    }
  }

  private static final class Handle {
    final int database;
    final Connection connection;
    Guard inner;
    boolean closed;

    Handle(int database, Connection connection) {
      this.database = database;
      this.connection = connection;
    }
  }

  private record Part(UnitOfWork unit, Guard guard) {}

  private interface Call {
    void make() throws SQLException;
  }

  private static String result(Call call) {
    try {
      call.make();
      return "ok";
    } catch (SQLException | RuntimeException e) {
      return e.getClass().getSimpleName();
    }
  }

  /** One run of the calls that a seed means. */
  private static final class Runner {
    final Random random;
    final boolean deadlocks;
    final RoutingDataSource source;
    final List<Handle> handles = new ArrayList<>();
    final List<Part> parts = new ArrayList<>();
    final List<Token> tokens = new ArrayList<>();
    final List<String> trace = new ArrayList<>();
    int texts;
    int serials;

    Runner(long seed, boolean deadlocks, RoutingDataSource source) {
      random = new Random(seed);
      this.deadlocks = deadlocks;
      this.source = source;
    }

    DataSource at(int database) {
      return database == 0 ? source : source.bind("users");
    }

    void undo(Guard guard) {
      tokens.stream()
          .filter(token -> token.guards.contains(guard) && !token.stored)
          .forEach(token -> token.gone = true);
    }

    void keep(Guard guard) {
      tokens.forEach(token -> token.guards.remove(guard));
      guard.serial = ++serials;
    }

    /** A unit's commit includes the inner transactions that are open. */
    void keepWithInner(Guard guard) {
      int since = guard.serial;
      keep(guard);
      int kept = guard.serial;
      Set<Guard> inner = new HashSet<>();
      handles.stream().filter(h -> h.inner != null).forEach(h -> inner.add(h.inner));
      parts.forEach(part -> inner.add(part.guard()));
      inner.stream().filter(each -> each.serial > since && each.serial < kept).forEach(this::keep);
    }

    boolean ownLeft(Guard guard, Object author) {
      return tokens.stream()
          .anyMatch(t -> !t.gone && !t.stored && t.guards.contains(guard) && t.author == author);
    }

    boolean step(UnitOfWork unit) throws SQLException {
      int what = random.nextInt(100);
      List<Handle> open = handles.stream().filter(handle -> !handle.closed).toList();
      Handle handle = open.isEmpty() ? null : open.get(random.nextInt(open.size()));
      if (what < 15 || handle == null) {
        int database = random.nextInt(2);
        handles.add(new Handle(database, at(database).getConnection()));
        trace.add("open " + database);
        return true;
      }
      String who = "h" + handles.indexOf(handle) + "@" + handle.database + " ";
      if (what < 45) {
        String text = "t" + texts++;
        String did = result(() -> execute(handle.connection, "INSERT " + text));
        trace.add(who + "insert " + text + " " + did);
        if (did.equals("ok")) {
          Set<Guard> guards = new HashSet<>();
          handles.stream()
              .filter(each -> !each.closed && each.database == handle.database)
              .filter(each -> each.inner != null)
              .forEach(each -> guards.add(each.inner));
          parts.forEach(part -> guards.add(part.guard()));
          tokens.add(new Token(handle.database, text, handle, guards));
        }
      } else if (what < 55) {
        boolean off = handle.inner == null;
        String did = result(() -> handle.connection.setAutoCommit(!off));
        trace.add(who + "setAutoCommit " + !off + " " + did);
        if (did.equals("ok")) {
          if (off) {
            handle.inner = new Guard(++serials);
          } else {
            keep(handle.inner);
            handle.inner = null;
          }
        }
      } else if (what < 63) {
        String did = result(handle.connection::commit);
        trace.add(who + "commit " + did);
        if (did.equals("ok")) {
          keep(handle.inner);
        }
      } else if (what < 70) {
        String did = result(handle.connection::rollback);
        trace.add(who + "rollback " + did);
        if (did.equals("ok")) {
          undo(handle.inner);
        }
      } else if (what < 77) {
        boolean own = handle.inner != null && ownLeft(handle.inner, handle);
        String did = result(handle.connection::close);
        trace.add(who + "close " + did + " doomed " + unit.isRollbackOnly());
        if (own && !unit.isRollbackOnly()) {
          undo(handle.inner);
        }
        handle.closed = true;
        if (handle.inner != null) {
          keep(handle.inner);
        }
      } else if (what < 83) {
        trace.add("join");
        parts.add(new Part(source.begin(TENANT), new Guard(++serials)));
      } else if (what < 87 && !parts.isEmpty()) {
        Part part = parts.get(random.nextInt(parts.size()));
        String did = result(part.unit()::commit);
        trace.add("part" + parts.indexOf(part) + " commit " + did);
        if (did.equals("ok")) {
          keepWithInner(part.guard());
        }
      } else if (what < 91 && !parts.isEmpty()) {
        Part part = parts.get(random.nextInt(parts.size()));
        String did = result(part.unit()::close);
        trace.add("part" + parts.indexOf(part) + " close " + did);
        undo(part.guard());
        parts.remove(part);
      } else if (what < 93) {
        String did = result(unit::commit);
        trace.add("unit commit " + did);
        if (!did.equals("ok")) {
          return false;
        }
        tokens.stream().filter(token -> !token.gone).forEach(token -> token.stored = true);
      } else if (what < 96) {
        trace.add(who + "DUPLICATE " + result(() -> execute(handle.connection, "DUPLICATE")));
      } else if (what < 97) {
        String sql = deadlocks && random.nextBoolean() ? "DEADLOCK" : "ABORT";
        trace.add(who + sql + " " + result(() -> execute(handle.connection, sql)));
      } else if (what >= 98) {
        return false;
      }
      return true;
    }

    /** The unit's end closes what is open, the newest first. */
    void modelOfTheEnd() {
      for (int i = handles.size() - 1; i >= 0; i--) {
        Handle handle = handles.get(i);
        if (!handle.closed && handle.inner != null && ownLeft(handle.inner, handle)) {
          undo(handle.inner);
        }
      }
    }

    void run() throws SQLException {
      for (int unit = 0; unit < 3; unit++) {
        UnitOfWork work = source.begin(TENANT);
        int steps = 5 + random.nextInt(40);
        boolean going = true;
        for (int i = 0; going && i < steps; i++) {
          going = step(work);
        }
        boolean finishing = random.nextInt(4) > 0;
        String did = result(finishing ? work::finish : work::close);
        trace.add((finishing ? "finish " : "close ") + did + " " + work.outcome());
        if (finishing && did.equals("ok")) {
          modelOfTheEnd();
          tokens.stream().filter(token -> !token.gone).forEach(token -> token.stored = true);
        } else {
          tokens.stream().filter(token -> !token.stored).forEach(token -> token.gone = true);
        }
        handles.clear();
        parts.clear();
      }
    }

    List<String> expected(int database) {
      return tokens.stream()
          .filter(token -> token.database == database && token.stored)
          .map(token -> token.text)
          .sorted()
          .toList();
    }

    List<String> visible(int database) throws SQLException {
      try (Connection connection = at(database).getConnection();
          Statement statement = connection.createStatement();
          ResultSet rows = statement.executeQuery("SELECT")) {
        List<String> found = new ArrayList<>();
        while (rows.next()) {
          found.add(rows.getString(1));
        }
        found.sort(null);
        return found;
      }
    }
  }

  private static Runner run(long seed, boolean deadlocks, boolean rehearsed) throws SQLException {
    try (StubDatabase own = StubDatabase.create(UUID.randomUUID().toString());
        StubDatabase users = StubDatabase.create(UUID.randomUUID().toString());
        RoutingDataSource source =
            RoutingDataSource.builder(TenantDirectory.of(Map.of("acme", Database.of(own.url()))))
                .bind("users", Database.of(users.url()))
                .build()) {
      Runner runner = new Runner(seed, deadlocks, source);
      UnitOfWork whole =
          rehearsed ? source.begin(TENANT, UnitOptions.defaults().rehearsal()) : null;
      try {
        runner.run();
        if (rehearsed) {
          String did =
              result(() -> runner.trace.add("visible " + runner.visible(0) + runner.visible(1)));
          if (!did.equals("ok")) {
            runner.trace.add("visible " + did);
          }
        } else {
          runner.trace.add(
              "visible "
                  + own.committed().stream().sorted().toList()
                  + users.committed().stream().sorted().toList());
        }
      } finally {
        if (whole != null) {
          whole.close();
        }
      }
      assertThat(source.snapshot().pools()).allMatch(pool -> pool.leases() == 0);
      return runner;
    }
  }

  @Test
  void whatIsStored_isWhatTheModelSays() throws SQLException {
    for (long seed = 0; seed < SEEDS; seed++) {
      Runner runner = run(seed, true, false);
      String expected = "visible " + runner.expected(0) + runner.expected(1);
      assertThat(runner.trace.get(runner.trace.size() - 1))
          .as(() -> "seed:\n" + String.join("\n", runner.trace))
          .isEqualTo(expected);
    }
  }

  @Test
  void aRehearsal_answersAsInEarnest() throws SQLException {
    for (long seed = 0; seed < SEEDS; seed++) {
      Runner earnest = run(seed, false, false);
      Runner rehearsed = run(seed, false, true);
      int same = 0;
      while (same < earnest.trace.size()
          && same < rehearsed.trace.size()
          && rehearsed.trace.get(same).equals(earnest.trace.get(same))) {
        same++;
      }
      String before = String.join("\n", earnest.trace.subList(0, same));
      assertThat(rehearsed.trace.subList(same, rehearsed.trace.size()))
          .as("seed %d, after:%n%s", seed, before)
          .isEqualTo(earnest.trace.subList(same, earnest.trace.size()));
    }
  }
}
