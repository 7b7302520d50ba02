/** Classes that the tests put into the web application, where they see its libraries. */
@NullMarked
package dev.headgate.containers.webapp;

import org.jspecify.annotations.NullMarked;
