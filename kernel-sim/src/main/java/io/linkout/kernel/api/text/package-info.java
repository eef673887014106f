/**
 * Text and numbers as the kernel's own functions make and read them: formatting, scanning, strings,
 * bitmaps, checksums, sorting. Depends on {@code cpu} and {@code api} only.
 */
@NullMarked
package io.linkout.kernel.api.text;

import org.jspecify.annotations.NullMarked;
