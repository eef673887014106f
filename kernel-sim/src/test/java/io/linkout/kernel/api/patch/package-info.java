/** Tests of code that is patched while it runs. */
@NullMarked
package io.linkout.kernel.api.patch;

import org.jspecify.annotations.NullMarked;
