/** What pools cost that nobody uses at the moment. */
@NullMarked
package dev.headgate.benchmarks.idle;

import org.jspecify.annotations.NullMarked;
