/** Pools that come and go under load. */
@NullMarked
package dev.headgate.benchmarks.churn;

import org.jspecify.annotations.NullMarked;
