package io.linkout.kernel.kmsg;

/**
 * One line of the kernel log.
 *
 * @param sequence from 0, for the daemon's life
 * @param level 0 emergency to 7 debug
 * @param facility 0 is kern
 * @param micros since boot
 * @param text one line without newline; bytes of the guest decoded as UTF-8 where valid, else as
 *     ISO 8859-1
 */
public record LogRecord(long sequence, int level, int facility, long micros, String text) {}
