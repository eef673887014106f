/**
 * The kernel log: a bounded ring of records written by the CPU thread and the event loop, read by
 * sessions.
 */
@NullMarked
package io.linkout.kernel.kmsg;

import org.jspecify.annotations.NullMarked;
