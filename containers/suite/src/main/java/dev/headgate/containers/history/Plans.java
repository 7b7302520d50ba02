package dev.headgate.containers.history;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** The requests of a seed: the same ones again, but for what threads and the network make of it. */
final class Plans {

  private static final long GOLDEN = 0x9E3779B97F4A7C15L;

  private final long seed;
  private final int tenants;

  Plans(long seed, int tenants) {
    this.seed = seed;
    this.tenants = tenants;
  }

  Plan plan(int index) {
    var random = new SplittableRandom(seed + index * GOLDEN);
    Shape shape = shape(random);
    Body body = body(random, shape);
    return new Plan(
        index,
        random.nextInt(tenants),
        shape,
        steps(random),
        body,
        ending(random, body),
        reading(random, body, shape),
        random.nextInt(3) == 0,
        random.nextInt(5) == 0,
        random.nextInt(20) == 0);
  }

  private static Shape shape(SplittableRandom random) {
    int percent = random.nextInt(100);
    if (percent < 50) {
      return Shape.SYNC;
    }
    // Timeouts take their time.
    boolean timeout = percent == 99;
    List<Shape> others =
        List.of(Shape.values()).stream()
            .filter(shape -> shape.isAsync() && shape.hasTimeout() == timeout)
            .toList();
    return others.get(random.nextInt(others.size()));
  }

  private static Body body(SplittableRandom random, Shape shape) {
    int percent = random.nextInt(100);
    if (percent < 1) {
      return shape.races() ? Body.NONE : Body.HUGE;
    }
    if (percent < 40) {
      return Body.SMALL;
    }
    Body[] others = Body.values();
    Body body = others[random.nextInt(others.length - 1)];
    // Whoever races with the end does not write any more.
    return shape.races() && body.hasLength() ? Body.FLUSHED : body;
  }

  private static List<Step> steps(SplittableRandom random) {
    List<Step> steps = new ArrayList<>();
    steps.add(Step.WRITE);
    int more = random.nextInt(4);
    for (int i = 0; i < more; i++) {
      Step[] all = Step.values();
      steps.add(random.nextInt(3) > 0 ? Step.WRITE : all[random.nextInt(all.length)]);
    }
    return List.copyOf(steps);
  }

  private static Ending ending(SplittableRandom random, Body body) {
    if (random.nextInt(100) < 70) {
      return Ending.OK;
    }
    Ending[] all = Ending.values();
    Ending ending = all[random.nextInt(all.length)];
    return ending == Ending.REDIRECT && body != Body.NONE ? Ending.OK : ending;
  }

  private static Reading reading(SplittableRandom random, Body body, Shape shape) {
    if (body == Body.HUGE && !shape.hasTimeout()) {
      return random.nextBoolean() ? Reading.SLOWLY : Reading.ABORT_INSIDE;
    }
    Reading[] all = Reading.values();
    Reading other = all[random.nextInt(all.length)];
    return random.nextInt(100) < 92 || other == Reading.SLOWLY ? Reading.WHOLE : other;
  }
}
