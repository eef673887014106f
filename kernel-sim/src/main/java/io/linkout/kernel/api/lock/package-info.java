/**
 * Locks and waiting as a kernel with one CPU and no scheduler can honour them. State is in guest
 * memory, in the structures of the personality, since inline code looks at it. What can only end by
 * another thread that does not exist is a self-deadlock: an oops that says so. Confined to the CPU
 * thread.
 */
@NullMarked
package io.linkout.kernel.api.lock;

import org.jspecify.annotations.NullMarked;
