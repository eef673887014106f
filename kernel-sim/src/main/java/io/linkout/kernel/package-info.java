/** The daemon: its main class and the wiring of its parts. */
@NullMarked
package io.linkout.kernel;

import org.jspecify.annotations.NullMarked;
