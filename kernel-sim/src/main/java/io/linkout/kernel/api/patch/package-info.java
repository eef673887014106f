/**
 * Code that the kernel patches while it runs: jump labels and static calls. Confined to the CPU
 * thread.
 */
@NullMarked
package io.linkout.kernel.api.patch;

import org.jspecify.annotations.NullMarked;
