package io.linkout.depmod;

import java.util.Arrays;

/** Who exports which symbol. Of two that export one, the later wins, as in kmod. */
final class SymbolOwners {
  /** Owner of what the kernel itself exports. */
  static final int KERNEL = -1;

  private final NameList names = new NameList();
  private final char prefix;
  private int[] owners = new int[1 << 10];
  private int[] slots = new int[1 << 11];

  /**
   * No symbols yet.
   *
   * @param prefix what every symbol begins with on this architecture and is left out here, 0 for
   *     nothing
   */
  SymbolOwners(char prefix) {
    this.prefix = prefix;
  }

  /** Adds the {@code length} bytes at {@code from} with {@code owner}, an index of a module. */
  void add(byte[] bytes, int from, int length, long crc, int owner) {
    int skip = prefix != 0 && length > 0 && bytes[from] == prefix ? 1 : 0;
    int start = from + skip;
    int size = length - skip;
    int slot = slot(bytes, start, size, NameList.hash(bytes, start, size));
    if (slots[slot] != 0) {
      owners[slots[slot] - 1] = owner;
      names.setCrc(slots[slot] - 1, crc);
      return;
    }
    int index = names.size();
    if (index == owners.length) {
      owners = Arrays.copyOf(owners, index * 2);
    }
    names.add(bytes, start, size, crc, false);
    owners[index] = owner;
    slots[slot] = index + 1;
    if (names.size() * 2 > slots.length) {
      grow();
    }
  }

  private void grow() {
    slots = new int[slots.length * 2];
    for (int i = 0; i < names.size(); i++) {
      slots[slot(names.text(), names.start(i), names.length(i), names.hash(i))] = i + 1;
    }
  }

  private int slot(byte[] bytes, int from, int length, int hash) {
    int mask = slots.length - 1;
    int at = hash & mask;
    while (slots[at] != 0) {
      int index = slots[at] - 1;
      if (names.hash(index) == hash && names.is(index, bytes, from, length)) {
        return at;
      }
      at = (at + 1) & mask;
    }
    return at;
  }

  /** Returns the index of the symbol that is number {@code wanted} of {@code list}, or -1. */
  int find(NameList list, int wanted) {
    byte[] text = list.text();
    int from = list.start(wanted);
    int length = list.length(wanted);
    int hash = list.hash(wanted);
    if (length > 0 && (text[from] == '.' || (prefix != 0 && text[from] == prefix))) {
      // .foo is foo on PowerPC
      from++;
      length--;
      hash = NameList.hash(text, from, length);
    }
    return slots[slot(text, from, length, hash)] - 1;
  }

  int size() {
    return names.size();
  }

  NameList names() {
    return names;
  }

  /** Returns the module that exports symbol {@code index}, or {@link #KERNEL}. */
  int owner(int index) {
    return owners[index];
  }
}
