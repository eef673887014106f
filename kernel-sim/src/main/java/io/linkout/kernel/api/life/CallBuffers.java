package io.linkout.kernel.api.life;

import io.linkout.kernel.api.heap.HostArea;
import io.linkout.kernel.cpu.GuestLayout;
import io.linkout.kernel.cpu.GuestMemory;
import io.linkout.kernel.cpu.Protection;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/**
 * Guest memory that lives for one call: the arguments that are pointers. Each buffer is a mapping
 * of its own with unmapped pages around it, zeroed behind its end.
 */
final class CallBuffers {
  private static final long START = GuestLayout.VMALLOC + 0x100000L;

  /** Between two buffers, so that running over one shows. */
  private static final long GAP = GuestLayout.PAGE;

  private static final long MOST = 1L << 30;

  private final GuestMemory memory;
  private long next = START;

  CallBuffers(GuestMemory memory) {
    this.memory = memory;
  }

  /** The host has no memory for the buffers. */
  static final class NoRoomException extends Exception {
    private static final long serialVersionUID = 1;

    NoRoomException() {
      super("no memory for the call's buffers");
    }
  }

  /** Buffers in guest memory until closed. */
  final class Placed implements AutoCloseable {
    private final List<Long> addresses = new ArrayList<>();
    private final List<HostArea> areas = new ArrayList<>();
    private final long before = next;

    private void add(byte[] content) throws NoRoomException {
      long size = GuestLayout.pageUp(Math.max(content.length, 1));
      if (next - START + size > MOST) {
        throw new NoRoomException();
      }
      try {
        HostArea area = new HostArea(size);
        areas.add(area);
        MemorySegment.copy(content, 0, area.pages(), ValueLayout.JAVA_BYTE, 0, content.length);
        memory.map(next, area.pages(), Protection.READ_WRITE, "call buffer", "");
      } catch (OutOfMemoryError e) {
        // Native memory only: the Java heap is as healthy as before.
        throw new NoRoomException();
      }
      addresses.add(next);
      next += size + GAP;
    }

    /** Returns the guest address of buffer {@code index}. */
    long address(int index) {
      return addresses.get(index);
    }

    /** Returns the first {@code length} bytes of buffer {@code index}. */
    byte[] content(int index, int length) {
      return areas.get(index).pages().asSlice(0, length).toArray(ValueLayout.JAVA_BYTE);
    }

    @Override
    public void close() {
      addresses.forEach(memory::unmap);
      areas.forEach(HostArea::close);
      next = before;
    }
  }

  /**
   * Puts each of {@code contents} into guest memory.
   *
   * @throws NoRoomException if the host has no memory for them; nothing is left then
   */
  Placed place(List<byte[]> contents) throws NoRoomException {
    Placed placed = new Placed();
    try {
      for (byte[] content : contents) {
        placed.add(content);
      }
      return placed;
    } catch (NoRoomException e) {
      placed.close();
      throw e;
    }
  }
}
