/**
 * The CPU as a port: guest memory, trap frames, faults and outcomes of calls. Depends on nothing
 * else of the kernel; {@code cpu.unicorn} implements it.
 *
 * <p>Everything here is confined to the CPU thread unless it says otherwise.
 */
@NullMarked
package io.linkout.kernel.cpu;

import org.jspecify.annotations.NullMarked;
