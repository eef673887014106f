package io.linkout.rpc;

/**
 * Something a removed module had left behind.
 *
 * @param what such as {@code kmalloc-64}
 * @param address guest address
 * @param size bytes
 * @param caller guest address of where it was made
 */
public record Leak(String what, long address, long size, long caller) {}
