/** What it costs that tenants share a pool, each in a schema or catalog of its own. */
@NullMarked
package dev.headgate.benchmarks.schema;

import org.jspecify.annotations.NullMarked;
