package dev.headgate.datasource.pool;

import org.jspecify.annotations.Nullable;

/**
 * The leave to connect although failure gates are open, which one has at a time: a token of each
 * gate that is.
 */
record Probe(@Nullable Object own, @Nullable Object server) {

  /** That of someone who needs none, since no gate is open. */
  static final Probe NONE = new Probe(null, null);
}
