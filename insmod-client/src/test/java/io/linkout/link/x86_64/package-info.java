/** Tests of {@code io.linkout.link.x86_64}. */
@NullMarked
package io.linkout.link.x86_64;

import org.jspecify.annotations.NullMarked;
