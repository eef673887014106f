package io.linkout.rpc;

/**
 * What has passed over a connection.
 *
 * @param sent bytes of frames to the kernel, the handshake's included
 * @param received bytes of frames from it
 * @param roundTrips how often something was sent and then waited for
 */
public record Traffic(long sent, long received, long roundTrips) {}
