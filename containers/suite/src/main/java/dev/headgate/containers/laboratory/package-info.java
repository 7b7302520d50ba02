/**
 * Web applications of the tests' own servlets, in a container of the same JVM, with the filter and
 * without, and clients that show exactly what such a server sends.
 */
@NullMarked
package dev.headgate.containers.laboratory;

import org.jspecify.annotations.NullMarked;
