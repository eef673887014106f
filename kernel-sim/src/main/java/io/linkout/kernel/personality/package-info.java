/**
 * Which kernel to be: release, version magic, exported names with their CRCs, and the layout of the
 * structures that modules' inline code touches; built in, or read from a kernel's headers.
 * Immutable once read, so any thread may use it. Depends on nothing else of the kernel.
 */
@NullMarked
package io.linkout.kernel.personality;

import org.jspecify.annotations.NullMarked;
