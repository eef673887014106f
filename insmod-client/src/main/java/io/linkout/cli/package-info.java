/**
 * The commands: one file each. They parse options, ask the kernel through {@code rpc}, the linker
 * through {@code link} and the file through {@code modinfo}, and print. May depend on every other
 * package of the client; nothing depends on it.
 */
@NullMarked
package io.linkout.cli;

import org.jspecify.annotations.NullMarked;
