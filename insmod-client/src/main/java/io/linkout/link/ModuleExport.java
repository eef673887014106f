package io.linkout.link;

import org.jspecify.annotations.Nullable;

/** A symbol that the module being linked exports; {@code address} is final. */
public record ModuleExport(
    String name, long address, @Nullable Integer crc, boolean gplOnly, String namespace) {}
