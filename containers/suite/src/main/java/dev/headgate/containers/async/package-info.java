/** Requests that are answered by other threads, in every order of what can happen to them. */
@NullMarked
package dev.headgate.containers.async;

import org.jspecify.annotations.NullMarked;
