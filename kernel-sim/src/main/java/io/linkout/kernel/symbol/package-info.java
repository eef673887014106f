/**
 * What symbols are exported, by whom, and where: by name for linking, by address for naming.
 * Confined to the event-loop thread. Depends on nothing else of the kernel.
 */
@NullMarked
package io.linkout.kernel.symbol;

import org.jspecify.annotations.NullMarked;
