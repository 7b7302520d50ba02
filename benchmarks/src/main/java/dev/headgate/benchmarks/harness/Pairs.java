package dev.headgate.benchmarks.harness;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleBiFunction;
import java.util.function.ToDoubleFunction;

/**
 * What came of two sides that ran in turn. Each is compared with the other one right beside it, and
 * which one goes first changes with each pair (ABBA), so that a machine that becomes slower or
 * faster meanwhile favours neither.
 *
 * @param <R> what comes of a run
 */
public final class Pairs<R> {

  private record Pair<R>(R one, R other) {}

  private final List<Pair<R>> pairs = new ArrayList<>();

  private Pairs() {}

  /**
   * Runs two sides in turn.
   *
   * @param <R> what comes of a run
   */
  public static <R> Pairs<R> run(int count, Callable<R> one, Callable<R> other) throws Exception {
    Pairs<R> all = new Pairs<>();
    for (int i = 0; i < count; i++) {
      if (i % 2 == 0) {
        R first = one.call();
        all.pairs.add(new Pair<>(first, other.call()));
      } else {
        R first = other.call();
        all.pairs.add(new Pair<>(one.call(), first));
      }
    }
    return all;
  }

  /** Estimates something of the one side. */
  public Estimate one(ToDoubleFunction<R> what) {
    return each((one, other) -> what.applyAsDouble(one));
  }

  /** Estimates something of the other side. */
  public Estimate other(ToDoubleFunction<R> what) {
    return each((one, other) -> what.applyAsDouble(other));
  }

  /** Estimates how much of something the one side has, as a multiple of what the other has. */
  public Estimate ratio(ToDoubleFunction<R> what) {
    return each((one, other) -> what.applyAsDouble(one) / what.applyAsDouble(other));
  }

  /** Estimates how much more of something the one side has than the other. */
  public Estimate difference(ToDoubleFunction<R> what) {
    return each((one, other) -> what.applyAsDouble(one) - what.applyAsDouble(other));
  }

  private Estimate each(ToDoubleBiFunction<R, R> what) {
    return Estimate.ofMedian(
        pairs.stream().mapToDouble(pair -> what.applyAsDouble(pair.one(), pair.other())).toArray());
  }
}
