/** Module parameters' standard operations (kernel/params.c). Confined to the CPU thread. */
@NullMarked
package io.linkout.kernel.api.param;

import org.jspecify.annotations.NullMarked;
