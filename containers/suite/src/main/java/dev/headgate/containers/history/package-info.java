/**
 * Random requests to real databases that fail now and then, and a comparison of what the clients
 * have heard with what is stored.
 */
@NullMarked
package dev.headgate.containers.history;

import org.jspecify.annotations.NullMarked;
