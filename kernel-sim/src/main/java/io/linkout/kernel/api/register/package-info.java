/**
 * What modules register: recorded with its owner and taken out again, and nothing more. No device
 * is ever found, no file is ever opened, so nothing that was registered is ever called back.
 * Confined to the CPU thread.
 */
@NullMarked
package io.linkout.kernel.api.register;

import org.jspecify.annotations.NullMarked;
