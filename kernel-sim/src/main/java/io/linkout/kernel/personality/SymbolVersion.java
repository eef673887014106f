package io.linkout.kernel.personality;

/**
 * A kernel export as a row of {@code Module.symvers} tells it.
 *
 * @param crc of modversions; 0 where the kernel has none
 * @param namespace empty if none
 */
public record SymbolVersion(String name, int crc, boolean gplOnly, String namespace) {}
