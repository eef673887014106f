/**
 * Primitives that library modules import from the kernel: ChaCha blocks, xxHash, constant-time
 * comparison. Depends on {@code cpu} and {@code api} only.
 */
@NullMarked
package io.linkout.kernel.api.crypto;

import org.jspecify.annotations.NullMarked;
