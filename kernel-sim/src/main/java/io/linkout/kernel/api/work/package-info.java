/**
 * Timers and deferred work: what is to run later runs when the running code sleeps, when its call
 * ends, or before the next request, whichever comes first after it is due. Confined to the CPU
 * thread.
 */
@NullMarked
package io.linkout.kernel.api.work;

import org.jspecify.annotations.NullMarked;
