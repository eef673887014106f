/**
 * Modules and the way to becoming one: handles, activation and its checks, the module table,
 * removal, and the queue of the CPU. Everything here belongs to the event-loop thread except what a
 * {@link io.linkout.kernel.module.CpuThread} is given to run. Depends on {@code symbol}, {@code
 * memory}, {@code api} and {@code kmsg}.
 */
@NullMarked
package io.linkout.kernel.module;

import org.jspecify.annotations.NullMarked;
