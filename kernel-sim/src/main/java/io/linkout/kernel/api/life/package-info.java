/**
 * The life of a module's code, from its first mapping to its last, and how guest code is entered.
 * Confined to the CPU thread.
 */
@NullMarked
package io.linkout.kernel.api.life;

import org.jspecify.annotations.NullMarked;
