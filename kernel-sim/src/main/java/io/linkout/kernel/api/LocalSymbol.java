package io.linkout.kernel.api;

/**
 * A function or variable of the kernel that it does not export.
 *
 * @param address guest address
 */
public record LocalSymbol(String name, long address) {}
