package io.linkout.rpc;

/**
 * A line of the kernel log.
 *
 * @param level 0 emergency to 7 debug
 * @param facility syslog's; 0 is kern
 * @param timeMicros microseconds since the kernel's boot
 */
public record LogEntry(long sequence, int level, int facility, long timeMicros, String text) {}
