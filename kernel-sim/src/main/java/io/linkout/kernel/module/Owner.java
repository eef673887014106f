package io.linkout.kernel.module;

/**
 * The connection that holds something.
 *
 * @param session never reused
 * @param pid of the process at the other end
 * @param uid of that process
 */
public record Owner(long session, int pid, int uid) {}
