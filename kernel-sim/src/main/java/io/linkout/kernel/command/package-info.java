/**
 * The subcommands of {@code kernel-sim} beside {@code run}: a small blocking client of the wire.
 * Loads neither Netty nor the log, so that they start fast.
 */
@NullMarked
package io.linkout.kernel.command;

import org.jspecify.annotations.NullMarked;
