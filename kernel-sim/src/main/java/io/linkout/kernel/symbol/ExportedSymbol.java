package io.linkout.kernel.symbol;

import org.jspecify.annotations.Nullable;

/**
 * An exported symbol.
 *
 * @param name at most 65,535 bytes of UTF-8
 * @param address guest address, or an offset from the per-CPU base
 * @param crc null if it has none
 * @param gplOnly true for {@code EXPORT_SYMBOL_GPL}
 * @param namespace empty if none
 * @param owner load id of the module that exports it, 0 for the kernel
 */
public record ExportedSymbol(
    String name,
    long address,
    @Nullable Integer crc,
    boolean gplOnly,
    String namespace,
    long owner) {}
