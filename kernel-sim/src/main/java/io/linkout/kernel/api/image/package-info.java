/**
 * The kernel's own text, data and per-CPU area in the guest's address space, and the names of what
 * lies there. Built once, at boot, on the CPU thread.
 */
@NullMarked
package io.linkout.kernel.api.image;

import org.jspecify.annotations.NullMarked;
