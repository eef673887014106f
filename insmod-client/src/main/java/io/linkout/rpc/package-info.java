/**
 * The kernel over its socket: implements {@link io.linkout.link.Kernel} for the linker, and answers
 * the tools' questions with plain records. Protobuf and the socket library stop here. Depends on
 * {@code link}'s port and on {@code proto}.
 */
@NullMarked
package io.linkout.rpc;

import org.jspecify.annotations.NullMarked;
