/** What clients hear, and when: nothing before COMMIT, and no success that is not stored. */
@NullMarked
package dev.headgate.containers.answers;

import org.jspecify.annotations.NullMarked;
