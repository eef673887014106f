/** Tests of the CPU with real machine code. */
@NullMarked
package io.linkout.kernel.cpu.unicorn;

import org.jspecify.annotations.NullMarked;
