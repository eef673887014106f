/** Tests of {@code io.linkout.elf}. */
@NullMarked
package io.linkout.elf;

import org.jspecify.annotations.NullMarked;
