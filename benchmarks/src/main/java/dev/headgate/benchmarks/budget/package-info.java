/** Many databases on a server that has few connections. */
@NullMarked
package dev.headgate.benchmarks.budget;

import org.jspecify.annotations.NullMarked;
