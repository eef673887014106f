package io.linkout.kernel.module;

import io.linkout.kernel.api.LoadImage;

/**
 * A segment that a client asks for.
 *
 * @param size bytes, more than 0
 * @param alignment bytes, a power of two
 */
public record SegmentSpec(LoadImage.Kind kind, long size, long alignment) {}
