package io.linkout.kernel.module;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Space allocated for a module to be. Owned by a connection until {@code Activate} makes a module
 * of it; freed with the connection otherwise.
 */
public final class Handle {
  private final long id;
  private final Owner owner;
  private final String label;
  private final ModuleMemory memory;
  private boolean activating;

  Handle(long id, Owner owner, String label, ModuleMemory memory) {
    this.id = id;
    this.owner = owner;
    this.label = label;
    this.memory = memory;
  }

  /** Returns its number, never reused. */
  public long id() {
    return id;
  }

  /** Returns the connection that asked for it. */
  public Owner owner() {
    return owner;
  }

  /** Returns what the client said the module will be called. */
  public String label() {
    return label;
  }

  /** Returns its segments in the order asked for. */
  public List<PlacedSegment> segments() {
    return memory.segments();
  }

  /** Returns how many bytes it takes. */
  public long bytes() {
    return memory.bytes();
  }

  /** Returns true if a module is being made of it: it is in the module table as well then. */
  public boolean activating() {
    return activating;
  }

  void markActivating() {
    activating = true;
  }

  ModuleMemory memory() {
    return memory;
  }

  /**
   * Copies {@code content} to {@code offset} of segment number {@code segment}.
   *
   * @throws Refusal (misuse) if there is no such segment or the bytes go past its end
   */
  public void write(long segment, long offset, ByteBuffer content) {
    if (segment < 0 || segment >= segments().size()) {
      throw Refusal.misuse(
          "write to segment %d of handle %d, which has %d segments"
              .formatted(segment, id, segments().size()));
    }
    PlacedSegment placed = segments().get((int) segment);
    int length = content.remaining();
    if (offset < 0 || offset > placed.size() || length > placed.size() - offset) {
      throw Refusal.misuse(
          "write of %d bytes at offset %s goes past the end of segment %d of handle %d, %d bytes"
              .formatted(length, Long.toUnsignedString(offset), segment, id, placed.size()));
    }
    MemorySegment.copy(MemorySegment.ofBuffer(content), 0, placed.host(), offset, length);
  }
}
