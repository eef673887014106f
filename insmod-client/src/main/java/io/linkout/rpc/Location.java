package io.linkout.rpc;

/**
 * What the kernel knows of an address.
 *
 * @param symbol export at or below it, or empty
 * @param offset bytes from the symbol, else from the module's first text byte
 * @param module owner, or empty for the kernel
 */
public record Location(String symbol, long offset, String module) {}
