package dev.headgate.containers.stage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.containers.laboratory.Laboratory;
import dev.headgate.datasource.Outcome;
import dev.headgate.datasource.RoutingDataSource;
import dev.headgate.datasource.UnitOfWork;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** One request of a test, what it does, and what becomes of it. Safe for use by many threads. */
public final class Trial {

  private final Stage stage;
  private final int number;
  private final Play play;
  private final Set<String> inserted = new ConcurrentSkipListSet<>();
  private final List<Outcome> told = new CopyOnWriteArrayList<>();
  private final List<Throwable> thrown = new CopyOnWriteArrayList<>();
  private final List<Outcome> attributes = new CopyOnWriteArrayList<>();
  private final List<UnitOfWork> units = new CopyOnWriteArrayList<>();
  private final CountDownLatch left = new CountDownLatch(1);

  Trial(Stage stage, int number, Play play) {
    this.stage = stage;
    this.number = number;
    this.play = play;
  }

  Play play() {
    return play;
  }

  /** Returns the path and query to ask for. */
  public String target() {
    return Stage.PATH + "?trial=" + number;
  }

  /** Returns the head of a request for it. */
  public String head(String method, String protocol, String... headers) {
    var head = new StringBuilder();
    head.append(method).append(' ').append(target()).append(' ').append(protocol).append("\r\n");
    head.append("Host: ").append(Laboratory.host(Stage.TENANT)).append("\r\n");
    for (String header : headers) {
      head.append(header).append("\r\n");
    }
    return head.append("\r\n").toString();
  }

  /** Inserts a token on this thread's unit of work, which tells this trial its outcome. */
  public void insert(String token) throws SQLException {
    join();
    execute("INSERT INTO work VALUES (%d, '%s')".formatted(number, token));
    inserted.add(token);
  }

  /** Inserts what makes COMMIT fail. */
  public void insertWhatCanNotBeCommitted() throws SQLException {
    execute("INSERT INTO child VALUES (%d)".formatted(-number - 1));
  }

  /** Executes a statement on this thread's unit of work. */
  public void execute(String sql) throws SQLException {
    try (Connection connection = dataSource().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private synchronized void join() {
    UnitOfWork unit = dataSource().current();
    if (!units.contains(unit)) {
      units.add(unit);
      unit.onCommitted(() -> told.add(Outcome.COMMITTED));
      unit.onRolledBack(() -> told.add(Outcome.ROLLED_BACK));
      unit.onUnknown(() -> told.add(Outcome.UNKNOWN));
    }
  }

  public RoutingDataSource dataSource() {
    return stage.dataSource();
  }

  /** Returns the unit of work that has inserted something, the latest one. */
  public UnitOfWork unit() {
    return units.get(units.size() - 1);
  }

  /** Returns what was inserted, whether it is stored or not. */
  public Set<String> inserted() {
    return new TreeSet<>(inserted);
  }

  /** Returns what is in the database. */
  public Set<String> stored() throws SQLException {
    return stage.store().stored(number);
  }

  /** Returns the outcomes of units of work that the callbacks were told so far. */
  public List<Outcome> told() {
    return told;
  }

  /** Returns what filters and servlet have thrown, dispatch by dispatch. */
  public List<Throwable> thrown() {
    return thrown;
  }

  /** Returns the request attribute with the outcome, as it was after each dispatch that had it. */
  public List<Outcome> attributes() {
    return attributes;
  }

  /** Ends the wait of {@link #awaitLeft}. */
  void leave(@Nullable Throwable why, @Nullable Object attribute) {
    if (why != null) {
      thrown.add(why);
    }
    if (attribute instanceof Outcome outcome) {
      attributes.add(outcome);
    }
    left.countDown();
  }

  /** Waits until the first dispatch is back from the filter. */
  public void awaitLeft() {
    Stage.await(left);
  }

  /** Waits until the callbacks were told one outcome, and it is this one alone. */
  public void assertTold(Outcome outcome) {
    Stage.eventually(() -> assertThat(told).isNotEmpty());
    assertThat(told).as("%s, thrown: %s", target(), thrown).containsExactly(outcome);
  }
}
