/** Tomcat, for the suite: compiled in the module of each version. */
@NullMarked
package dev.headgate.containers.tomcat;

import org.jspecify.annotations.NullMarked;
