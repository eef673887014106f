/** Tests of depmod, and a small module tree in C for whoever needs one. */
@NullMarked
package io.linkout.depmod;

import org.jspecify.annotations.NullMarked;
