/**
 * Address space and host memory for modules: which guest addresses are taken, and the pages of this
 * process that will lie there. Confined to the event-loop thread. Depends on {@code cpu} for the
 * layout of the address space only.
 */
@NullMarked
package io.linkout.kernel.memory;

import org.jspecify.annotations.NullMarked;
