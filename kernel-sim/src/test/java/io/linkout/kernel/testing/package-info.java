/** Tests. */
@NullMarked
package io.linkout.kernel.testing;

import org.jspecify.annotations.NullMarked;
