package io.linkout.kernel.api.image;

import io.linkout.kernel.cpu.GuestMemory;
import io.linkout.kernel.personality.StructLayout;

/** A structure in guest memory, its fields by their C names. */
public record GuestStruct(GuestMemory memory, StructLayout layout, String type, long address) {
  /** Returns the guest address of {@code field}. */
  public long at(String field) {
    return address + layout.of(type + "." + field);
  }

  /** Returns 32 bits. */
  public int readInt(String field) {
    return memory.readInt(at(field));
  }

  /** Returns 64 bits. */
  public long readLong(String field) {
    return memory.readLong(at(field));
  }

  /** Stores 32 bits. */
  public void writeInt(String field, int value) {
    memory.writeInt(at(field), value);
  }

  /** Stores 64 bits. */
  public void writeLong(String field, long value) {
    memory.writeLong(at(field), value);
  }

  /** Returns the string that pointer {@code field} leads to, at most 255 characters of it. */
  public String readText(String field) {
    return memory.readString(readLong(field), 255);
  }
}
