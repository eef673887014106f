/** Tests of the commands: what they print for what a kernel answers. */
@NullMarked
package io.linkout.cli;

import org.jspecify.annotations.NullMarked;
