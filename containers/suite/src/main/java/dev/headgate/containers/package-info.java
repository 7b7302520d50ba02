/**
 * What the example has to answer in every container. A container's module extends the contracts and
 * says how the container is started.
 */
@NullMarked
package dev.headgate.containers;

import org.jspecify.annotations.NullMarked;
