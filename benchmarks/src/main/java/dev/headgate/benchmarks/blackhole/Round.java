package dev.headgate.benchmarks.blackhole;

/** One illness of a server, from before it to after it. */
record Round(Phase before, Phase hangs, Phase refuses, Phase after) {

  Phase trouble() {
    return hangs.and(refuses);
  }
}
