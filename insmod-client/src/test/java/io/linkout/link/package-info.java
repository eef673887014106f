/** Tests of {@code io.linkout.link}. */
@NullMarked
package io.linkout.link;

import org.jspecify.annotations.NullMarked;
