package io.linkout.kernel.api.heap;

import io.linkout.kernel.cpu.GuestLayout;
import io.linkout.kernel.cpu.GuestMemory;
import io.linkout.kernel.cpu.Protection;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * Runs of pages in the direct map. Host memory comes in chunks, each one mapping, so that what a
 * run holds never spans two; a chunk that is empty again is unmapped unless it is the only one.
 */
final class HeapPages {
  private static final long CHUNK = 1 << 20;

  /** Below are what Linux reserves for devices of old; above, per-CPU symbols lead nowhere. */
  private static final long START = GuestLayout.DIRECT_MAP + 0x1000000L;

  private static final long END = GuestLayout.DIRECT_MAP + 0x80000000L;

  private static final class Chunk {
    private final long address;
    private final long size;
    private final HostArea host;
    private final AddressRanges free;

    Chunk(long address, long size) {
      this.address = address;
      this.size = size;
      this.host = new HostArea(size);
      this.free = new AddressRanges(address, address + size);
    }

    boolean empty() {
      return free.isFree(address, size);
    }
  }

  private final GuestMemory memory;
  private final HeapBudget budget;
  private final AddressRanges space = new AddressRanges(START, END);
  private final TreeMap<Long, Chunk> chunks = new TreeMap<>();

  HeapPages(GuestMemory memory, HeapBudget budget) {
    this.memory = memory;
    this.budget = budget;
  }

  /**
   * Takes {@code bytes}, whole pages, aligned to {@code alignment}. What they hold is undefined.
   *
   * @return a guest address, or empty if the limit or the host's memory is reached
   */
  OptionalLong take(long bytes, long alignment) {
    if (!budget.take(bytes)) {
      return OptionalLong.empty();
    }
    for (Chunk chunk : chunks.values()) {
      OptionalLong address = chunk.free.take(bytes, alignment);
      if (address.isPresent()) {
        return address;
      }
    }
    OptionalLong address = newChunk(bytes, alignment);
    if (address.isEmpty()) {
      budget.giveBack(bytes);
    }
    return address;
  }

  private OptionalLong newChunk(long bytes, long alignment) {
    long size = (bytes + CHUNK - 1) & -CHUNK;
    OptionalLong start = space.take(size, Math.max(alignment, CHUNK));
    if (start.isEmpty()) {
      return OptionalLong.empty();
    }
    try {
      Chunk chunk = new Chunk(start.getAsLong(), size);
      memory.map(chunk.address, chunk.host.pages(), Protection.READ_WRITE, "heap", "");
      chunks.put(chunk.address, chunk);
      return chunk.free.take(bytes, alignment);
    } catch (OutOfMemoryError e) {
      // Native memory only: the Java heap is as healthy as before.
      space.giveBack(start.getAsLong(), size);
      return OptionalLong.empty();
    }
  }

  /** Gives back exactly what {@link #take} gave. */
  void giveBack(long address, long bytes) {
    budget.giveBack(bytes);
    Map.Entry<Long, Chunk> entry = chunks.floorEntry(address);
    if (entry == null) {
      throw new IllegalStateException("no heap chunk holds " + Long.toHexString(address));
    }
    Chunk chunk = entry.getValue();
    chunk.free.giveBack(address, bytes);
    if (chunk.empty() && chunks.size() > 1) {
      memory.unmap(chunk.address);
      chunks.remove(chunk.address);
      space.giveBack(chunk.address, chunk.size);
      chunk.host.close();
    }
  }

  /** Frees the host memory; the address space is no longer used then. */
  void close() {
    chunks.values().forEach(chunk -> chunk.host.close());
    chunks.clear();
  }
}
