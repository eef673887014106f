package io.linkout.rpc;

/**
 * A mapped or allocated range of guest memory.
 *
 * @param address guest address
 * @param size bytes
 * @param protection such as {@code r-x}; {@code ---} for what is allocated and not mapped yet
 * @param what such as {@code module text}
 * @param owner module, or empty
 */
public record MemoryRegion(long address, long size, String protection, String what, String owner) {}
