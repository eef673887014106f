package io.linkout.link;

import org.jspecify.annotations.Nullable;

/**
 * An export as the kernel answers for it.
 *
 * @param address guest address
 * @param crc null if the export has none
 * @param namespace empty if none
 * @param owner module that exports it, empty for the kernel itself
 * @param ownerLoadId 0 for the kernel
 */
public record KernelSymbol(
    String name,
    long address,
    @Nullable Integer crc,
    boolean gplOnly,
    String namespace,
    String owner,
    long ownerLoadId) {}
