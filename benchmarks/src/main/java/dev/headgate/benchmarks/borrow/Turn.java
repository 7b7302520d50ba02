package dev.headgate.benchmarks.borrow;

import java.time.Duration;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * One benchmark of JMH, at a number of tenants, which can be run again and again in turn with
 * others. That is why it runs in this process, where the pools are: a fork for each would measure
 * one after the other on a machine that changes meanwhile, and open them all anew.
 */
record Turn(Class<?> benchmark, String method, int tenants) {

  private static final int THREADS = 2;

  /** Returns how many nanoseconds it takes each time, seen for a while, after a while unseen. */
  double nanos(Duration time) throws RunnerException {
    TimeValue each = TimeValue.nanoseconds(time.toNanos());
    Options options =
        new OptionsBuilder()
            .include("\\Q" + benchmark.getName() + "." + method + "\\E$")
            .param("tenants", Integer.toString(tenants))
            .threads(THREADS)
            .forks(0)
            .warmupIterations(1)
            .warmupTime(each)
            .measurementIterations(1)
            .measurementTime(each)
            .shouldFailOnError(true)
            .verbosity(VerboseMode.SILENT)
            .build();
    return new Runner(options).runSingle().getPrimaryResult().getScore();
  }
}
