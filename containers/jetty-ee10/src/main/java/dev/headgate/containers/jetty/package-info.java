/** Jetty 12.1 with its environment for Jakarta EE 10, for the suite. */
@NullMarked
package dev.headgate.containers.jetty;

import org.jspecify.annotations.NullMarked;
