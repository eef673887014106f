/**
 * What the kernel says and does at a fault: exception tables, BUG and WARN, the ORC unwinder, and
 * reports worded as Linux 6.1 words them. Reads guest memory, changes nothing but once-flags of bug
 * tables and registers of a fault that is fixed up. Confined to the CPU thread.
 */
@NullMarked
package io.linkout.kernel.api.oops;

import org.jspecify.annotations.NullMarked;
