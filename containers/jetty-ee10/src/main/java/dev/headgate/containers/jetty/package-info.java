/** What Jetty's environment for Jakarta EE 10 has of its own. */
@NullMarked
package dev.headgate.containers.jetty;

import org.jspecify.annotations.NullMarked;
