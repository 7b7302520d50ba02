/**
 * A web application whose tenant has a real PostgreSQL behind a proxy that can hold up or lose its
 * COMMITs, and what becomes of each of its requests.
 */
@NullMarked
package dev.headgate.containers.stage;

import org.jspecify.annotations.NullMarked;
