/** End to end: the programs as a user runs them, against the clone's own {@code bin/}. */
@NullMarked
package io.linkout.e2e;

import org.jspecify.annotations.NullMarked;
