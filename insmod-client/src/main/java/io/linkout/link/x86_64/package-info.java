/**
 * x86-64: its relocations (System V psABI, AMD64 supplement) and what is done to code once it is
 * relocated. Implements {@link io.linkout.link.Architecture}.
 */
@NullMarked
package io.linkout.link.x86_64;

import org.jspecify.annotations.NullMarked;
