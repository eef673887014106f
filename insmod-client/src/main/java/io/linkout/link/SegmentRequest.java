package io.linkout.link;

/**
 * Space asked of the kernel.
 *
 * @param size bytes, more than 0
 * @param alignment a power of two in bytes
 */
public record SegmentRequest(SegmentKind kind, long size, long alignment) {}
