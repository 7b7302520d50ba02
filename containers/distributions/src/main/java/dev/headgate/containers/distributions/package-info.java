/** Tomcat and Jetty as they are downloaded, each in a process of its own, for the suite. */
@NullMarked
package dev.headgate.containers.distributions;

import org.jspecify.annotations.NullMarked;
