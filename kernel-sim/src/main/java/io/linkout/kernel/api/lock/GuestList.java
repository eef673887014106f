package io.linkout.kernel.api.lock;

import io.linkout.kernel.cpu.GuestMemory;

/** Doubly linked lists in guest memory: struct list_head {next, prev}. */
public final class GuestList {
  private static final int PREVIOUS = 8;

  private GuestList() {}

  /** Makes {@code head} an empty list. */
  public static void init(GuestMemory memory, long head) {
    memory.writeLong(head, head);
    memory.writeLong(head + PREVIOUS, head);
  }

  /** Returns true if nothing is linked to {@code head}. */
  public static boolean isEmpty(GuestMemory memory, long head) {
    return memory.readLong(head) == head;
  }

  /** Links {@code entry} behind {@code after}. */
  public static void insert(GuestMemory memory, long entry, long after) {
    long next = memory.readLong(after);
    memory.writeLong(next + PREVIOUS, entry);
    memory.writeLong(entry, next);
    memory.writeLong(entry + PREVIOUS, after);
    memory.writeLong(after, entry);
  }

  /** Takes {@code entry} out of its list. */
  public static void remove(GuestMemory memory, long entry) {
    long next = memory.readLong(entry);
    long previous = memory.readLong(entry + PREVIOUS);
    memory.writeLong(next + PREVIOUS, previous);
    memory.writeLong(previous, next);
  }

  /** Takes {@code entry} out of its list and makes it an empty one. */
  public static void removeInit(GuestMemory memory, long entry) {
    remove(memory, entry);
    init(memory, entry);
  }
}
