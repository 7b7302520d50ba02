/** What the filter costs a request, against the same work written by hand. */
@NullMarked
package dev.headgate.benchmarks.http;

import org.jspecify.annotations.NullMarked;
