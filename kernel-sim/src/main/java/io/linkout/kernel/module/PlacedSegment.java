package io.linkout.kernel.module;

import io.linkout.kernel.api.LoadImage;
import java.lang.foreign.MemorySegment;

/**
 * A segment with its place in the guest and its memory in this process.
 *
 * @param address guest address, or for PERCPU an offset from the per-CPU base
 * @param size bytes as asked for; what is beyond, up to the end of the page, is nobody's
 * @param host its memory, whole pages (PERCPU: {@code size} bytes); belongs to the handle or module
 */
public record PlacedSegment(LoadImage.Kind kind, long address, long size, MemorySegment host) {
  /** Returns true if {@code length} bytes at {@code place} lie inside. */
  public boolean contains(long place, long length) {
    long offset = place - address;
    return length >= 0 && offset >= 0 && offset <= size && length <= size - offset;
  }

  /** Returns true if it is code. */
  public boolean text() {
    return kind == LoadImage.Kind.TEXT || kind == LoadImage.Kind.INIT_TEXT;
  }

  /** Returns how many bytes it takes: whole pages, but for PERCPU. */
  public long takenBytes() {
    return host.byteSize();
  }
}
