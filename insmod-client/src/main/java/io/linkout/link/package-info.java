/**
 * The linker: from a module's file to bytes with final addresses, in steps that each do one thing.
 * Knows no socket: what it needs of a kernel is {@link io.linkout.link.Kernel}. Depends on {@code
 * elf}.
 */
@NullMarked
package io.linkout.link;

import org.jspecify.annotations.NullMarked;
