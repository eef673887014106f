/**
 * The guest's clocks, sleeping, and what is to run later: timers and deferred work of a kernel with
 * one CPU and no scheduler. Confined to the CPU thread, but for the clock's tick.
 */
@NullMarked
package io.linkout.kernel.api.time;

import org.jspecify.annotations.NullMarked;
