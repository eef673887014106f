/**
 * The wire: the socket, frames, the handshake, and the translation between protobuf messages and
 * the session's requests and replies. Netty and protobuf stop here. Everything is confined to the
 * event-loop thread unless it says otherwise.
 */
@NullMarked
package io.linkout.kernel.server;

import org.jspecify.annotations.NullMarked;
