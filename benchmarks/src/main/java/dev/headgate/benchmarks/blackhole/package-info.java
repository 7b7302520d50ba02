/** What the other tenants notice when the server of one of them hangs. */
@NullMarked
package dev.headgate.benchmarks.blackhole;

import org.jspecify.annotations.NullMarked;
