/** What it costs to get a connection of the right tenant. */
@NullMarked
package dev.headgate.benchmarks.borrow;

import org.jspecify.annotations.NullMarked;
