/**
 * The printk family: guest text into the kernel log. Depends on {@code api.text} and {@code kmsg}.
 */
@NullMarked
package io.linkout.kernel.api.print;

import org.jspecify.annotations.NullMarked;
