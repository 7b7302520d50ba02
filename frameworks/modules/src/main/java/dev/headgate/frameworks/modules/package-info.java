/** A small application, started on the module path and on the class path. */
@NullMarked
package dev.headgate.frameworks.modules;

import org.jspecify.annotations.NullMarked;
