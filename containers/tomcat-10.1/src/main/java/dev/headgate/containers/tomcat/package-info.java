/** Tomcat 10.1, for the suite. */
@NullMarked
package dev.headgate.containers.tomcat;

import org.jspecify.annotations.NullMarked;
