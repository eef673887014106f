/** Tests of {@code io.linkout.modinfo}. */
@NullMarked
package io.linkout.modinfo;

import org.jspecify.annotations.NullMarked;
