/** What a flood of tenants that do not exist costs those that do. */
@NullMarked
package dev.headgate.benchmarks.flood;

import org.jspecify.annotations.NullMarked;
