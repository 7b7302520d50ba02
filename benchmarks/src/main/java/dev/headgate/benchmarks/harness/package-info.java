/** What measurements share: servers, load, and comparison side by side. */
@NullMarked
package dev.headgate.benchmarks.harness;

import org.jspecify.annotations.NullMarked;
