package io.linkout.kernel.api.text;

import io.linkout.kernel.cpu.GuestMemory;
import java.util.Arrays;

/**
 * Where formatted text goes: at most {@code limit} bytes are kept, all are counted. A limit of 2
 * GiB (sprintf) must not make the host allocate that, so bytes for guest memory are passed on in
 * chunks, and a guest that formats past its buffer's mapping faults there, as on a real CPU.
 */
final class FormatOutput {
  private static final int CHUNK = 1 << 16;

  private final GuestMemory memory;
  private final long address;
  private final long limit;
  private final WorkLimit work;
  private byte[] chunk = new byte[256];
  private int pending;
  private long flushed;
  private long length;

  private FormatOutput(GuestMemory memory, long address, long limit) {
    this.memory = memory;
    this.work = new WorkLimit(memory);
    this.address = address;
    this.limit = limit;
  }

  /** Text for guest address {@code address}, of which {@code limit} bytes are kept. */
  static FormatOutput toGuest(GuestMemory memory, long address, long limit) {
    return new FormatOutput(memory, address, limit);
  }

  /**
   * Text for the kernel itself.
   *
   * @param limit bytes kept, at most 64 KiB
   */
  static FormatOutput toKernel(GuestMemory memory, int limit) {
    return new FormatOutput(memory, 0, Math.min(limit, CHUNK));
  }

  /** Returns the number of bytes appended, kept or not. */
  long length() {
    return length;
  }

  /** Returns the bytes kept; for {@link #toKernel} only. */
  byte[] kept() {
    return Arrays.copyOf(chunk, pending);
  }

  void append(int c) {
    work.count();
    if (length < limit) {
      store(c);
    }
    length++;
  }

  /** Appends {@code text}, each char of which is one byte. */
  void append(String text) {
    for (int i = 0; i < text.length(); i++) {
      append(text.charAt(i));
    }
  }

  /** Appends {@code c} {@code count} times; no time is spent on what is not kept. */
  void pad(int c, long count) {
    if (count <= 0) {
      return;
    }
    long kept = Math.min(count, limit - length);
    for (long i = 0; i < kept; i++) {
      store(c);
    }
    length += count;
  }

  /** Passes the text on to guest memory and ends it with NUL, within {@code size} bytes. */
  void finish(long size) {
    flush();
    if (size > 0) {
      memory.writeByte(address + Math.min(length, size - 1), 0);
    }
  }

  private void store(int c) {
    if (pending == chunk.length) {
      if (pending == CHUNK) {
        flush();
      } else {
        chunk = Arrays.copyOf(chunk, pending * 2);
      }
    }
    chunk[pending++] = (byte) c;
  }

  private void flush() {
    memory.write(address + flushed, Arrays.copyOf(chunk, pending));
    memory.work(pending);
    flushed += pending;
    pending = 0;
  }
}
