/** The measurements, and the main class that runs one of them. */
@NullMarked
package dev.headgate.benchmarks;

import org.jspecify.annotations.NullMarked;
