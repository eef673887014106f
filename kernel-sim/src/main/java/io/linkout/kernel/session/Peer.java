package io.linkout.kernel.session;

/** The process at the other end of a connection, as the operating system vouches for it. */
public record Peer(int pid, int uid) {}
