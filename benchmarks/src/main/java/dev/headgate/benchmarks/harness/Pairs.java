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

  private final Callable<R> one;
  private final Callable<R> other;
  private final List<Pair<R>> pairs = new ArrayList<>();

  /** Makes pairs of what comes of two sides; none runs before {@link #runNext()}. */
  public Pairs(Callable<R> one, Callable<R> other) {
    this.one = one;
    this.other = other;
  }

  /** Runs each side once more. */
  public void runNext() throws Exception {
    if (pairs.size() % 2 == 0) {
      R first = one.call();
      pairs.add(new Pair<>(first, other.call()));
    } else {
      R first = other.call();
      pairs.add(new Pair<>(one.call(), first));
    }
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
