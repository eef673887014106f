/**
 * Library functions of the kernel over guest memory that need more than text: notifier chains,
 * trees, identifiers, sequence files, and facts about the machine. Confined to the CPU thread.
 */
@NullMarked
package io.linkout.kernel.api.lib;

import org.jspecify.annotations.NullMarked;
