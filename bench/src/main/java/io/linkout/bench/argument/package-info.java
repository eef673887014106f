/** Linking outside the kernel against linking inside: the same linker, side by side. */
@NullMarked
package io.linkout.bench.argument;

import org.jspecify.annotations.NullMarked;
