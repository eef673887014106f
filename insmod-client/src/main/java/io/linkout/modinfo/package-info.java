/**
 * What a module says of itself in its {@code .modinfo} section. Depends on {@code elf}; knows no
 * kernel and prints nothing.
 */
@NullMarked
package io.linkout.modinfo;

import org.jspecify.annotations.NullMarked;
