package io.linkout.kernel.symbol;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads a leaf: some hundred exports that follow one another by name, packed in bits.
 *
 * <p>First a header: how many exports there are; whether none, all or some have a CRC; load ids of
 * their owners; namespaces, unless none has one; for each region of the address space that has some
 * of them its number, the bits of an address in it, and the lowest; where each block but the first
 * begins. Then the exports. Of each: how many bytes its name shares with the one before (not of the
 * first of a block, which shares none); the rest of the name in pieces of the vocabulary; one bit
 * for GPL only; the numbers of owner, namespace and region in the header's lists, in as many bits
 * as the lists need; the address less the region's lowest; whether there is a CRC, if some have
 * one; the CRC.
 *
 * <p>It stands at one export or between two. Not thread-safe; the words are never changed.
 */
final class Leaf {
  /** Bits of a number that says in how many bits another is written. */
  static final int LENGTH_BITS = 7;

  static final int COUNT_BITS = 20;
  static final int BODY_AT_BITS = 24;

  /** Where the lists begin, in bits: after two words of their own. */
  private static final int LISTS_AT = 128;

  static final int PREFIX_BITS = 5;

  /** A prefix this long or longer is written once more, in more bits. */
  static final int LONG_PREFIX = 31;

  static final int LONG_PREFIX_BITS = 16;
  static final int NO_CRCS = 0;
  static final int ALL_CRCS = 1;
  static final int SOME_CRCS = 2;

  private final Vocabulary vocabulary;
  private final AddressRegions regions;
  private final int block;
  private final long[] words;
  private final int count;
  private final int crcs;
  private final int ownerBits;
  private final int namespaceBits;
  private final int regionBits;

  /** Bits of an address in each region, seven bits each, the first in the lowest. */
  private final long widths;

  private final int offsetBits;
  private final int bodyAt;

  /** Where reading goes on, in bits. */
  private int at;

  /** Number of the export that this stands at, or before. */
  private int index;

  private byte[] name = new byte[0];
  private int nameLength;
  private int metaAt;

  /** True if what comes next is what follows the name of export {@link #index}. */
  private boolean atMeta;

  /** Bytes that the export compared last and the target share. */
  private int matched;

  Leaf(long[] words, Vocabulary vocabulary, AddressRegions regions, int block) {
    this.words = words;
    this.vocabulary = vocabulary;
    this.regions = regions;
    this.block = block;
    long shape = words[0];
    count = (int) (shape >>> 44);
    bodyAt = (int) (shape >>> 20) & (1 << BODY_AT_BITS) - 1;
    offsetBits = (int) (shape >>> 15) & 31;
    crcs = (int) (shape >>> 13) & 3;
    ownerBits = (int) (shape >>> 8) & 31;
    namespaceBits = (int) (shape >>> 3) & 31;
    regionBits = (int) shape & 7;
    widths = words[1];
    at = bodyAt;
  }

  /** Returns the first word of a leaf. */
  static long shape(
      int count,
      int bodyAt,
      int offsetBits,
      int crcs,
      int ownerBits,
      int namespaceBits,
      int regionBits) {
    return (long) count << 44
        | (long) bodyAt << 20
        | (long) offsetBits << 15
        | (long) crcs << 13
        | (long) ownerBits << 8
        | (long) namespaceBits << 3
        | regionBits;
  }

  /** Returns how many bits hold {@code value}, unsigned. */
  static int bitsFor(long value) {
    return 64 - Long.numberOfLeadingZeros(value);
  }

  /** Returns how many exports there are. */
  int count() {
    return count;
  }

  /** Returns true if {@code owner} has exports here. */
  boolean has(long owner) {
    int from = afterNumber(LISTS_AT);
    for (long left = numberAt(LISTS_AT); left >= 0; left--) {
      if (numberAt(from) == owner) {
        return true;
      }
      from = afterNumber(from);
    }
    return false;
  }

  /**
   * Goes to the export called {@code target}.
   *
   * @return false if there is none
   */
  boolean seek(byte[] target) {
    int low = 0;
    int high = blocks();
    while (high - low > 1) {
      int middle = (low + high) >>> 1;
      toBlock(middle);
      if (compareRest(target, 0, false) <= 0) {
        low = middle;
      } else {
        high = middle;
      }
    }
    toBlock(low);
    int end = Math.min(count, (low + 1) * block);
    int shared = 0;
    while (true) {
      // From here on: the export before, if any, is less than the target and shares matched bytes.
      int order;
      if (shared > matched && index % block != 0) {
        skipRest();
        order = -1;
      } else {
        order = compareRest(target, shared, true);
      }
      metaAt = at;
      atMeta = true;
      if (order == 0) {
        return true;
      }
      if (order > 0) {
        return false;
      }
      skipMeta();
      if (++index == end) {
        return false;
      }
      shared = prefix();
      if (shared < matched) {
        return false;
      }
    }
  }

  /** Compares the first name of all with {@code target}: below 0 if it is less, by bytes. */
  int compareFirst(byte[] target) {
    toBlock(0);
    return compareRest(target, 0, false);
  }

  /** Goes to the next export and reads its name; false if there is none. */
  boolean next() {
    if (atMeta) {
      skipMeta();
      index++;
    }
    if (index == count) {
      return false;
    }
    nameLength = index % block == 0 ? 0 : prefix();
    while (true) {
      int window = window();
      int length = vocabulary.length(window);
      int piece = vocabulary.piece(window, length);
      at += length;
      if (vocabulary.escapes(window)) {
        append((byte) bits(8));
        continue;
      }
      int end = vocabulary.start(piece + 1);
      for (int i = vocabulary.start(piece); i < end; i++) {
        byte letter = vocabulary.text(i);
        if (letter == 0) {
          metaAt = at;
          atMeta = true;
          return true;
        }
        append(letter);
      }
    }
  }

  /** Returns true if the export that this stands at has {@code owner}. */
  boolean ownedBy(long owner) {
    return owner(bitsAt(metaAt + 1, ownerBits)) == owner;
  }

  /** Returns the address of the export that this stands at. */
  long address() {
    int from = metaAt + 1 + ownerBits + namespaceBits;
    int number = (int) bitsAt(from, regionBits);
    long steps = bitsAt(from + regionBits, width(number));
    int region = afterNamespaces();
    for (int i = 0; i < number; i++) {
      region = afterNumber(region + AddressRegions.NUMBER_BITS);
    }
    long least = numberAt(region + AddressRegions.NUMBER_BITS);
    return regions.address((int) bitsAt(region, AddressRegions.NUMBER_BITS), least + steps);
  }

  /** Returns the name that {@link #next} read. */
  String name() {
    return new String(name, 0, nameLength, StandardCharsets.UTF_8);
  }

  /** Returns the bytes of the name that {@link #next} read. */
  byte[] nameBytes() {
    return Arrays.copyOf(name, nameLength);
  }

  /** Returns the order of the name that {@link #next} read and {@code other}. */
  int compareName(byte[] other) {
    return Arrays.compareUnsigned(name, 0, nameLength, other, 0, other.length);
  }

  /** Returns the export that this stands at, whose name is {@code called}. */
  ExportedSymbol symbol(String called) {
    int from = metaAt;
    boolean gplOnly = bitsAt(from, 1) == 1;
    long owner = owner(bitsAt(from + 1, ownerBits));
    String namespace = namespace((int) bitsAt(from + 1 + ownerBits, namespaceBits));
    from += 1 + ownerBits + namespaceBits;
    from += regionBits + width((int) bitsAt(from, regionBits));
    boolean hasCrc = crcs == ALL_CRCS;
    if (crcs == SOME_CRCS) {
      hasCrc = bitsAt(from++, 1) == 1;
    }
    Integer crc = hasCrc ? (Integer) (int) bitsAt(from, 32) : null;
    return new ExportedSymbol(called, address(), crc, gplOnly, namespace, owner);
  }

  private int blocks() {
    return (count + block - 1) / block;
  }

  private void toBlock(int number) {
    at = bodyAt;
    if (number > 0) {
      at += (int) bitsAt(bodyAt - (blocks() - number) * offsetBits, offsetBits);
    }
    index = number * block;
    atMeta = false;
  }

  private int prefix() {
    int shared = (int) bits(PREFIX_BITS);
    return shared < LONG_PREFIX ? shared : (int) bits(LONG_PREFIX_BITS);
  }

  /** Reads the rest of a name; below 0 if the name is less than {@code target}. */
  private int compareRest(byte[] target, int from, boolean toEnd) {
    int same = from;
    while (true) {
      int window = window();
      int length = vocabulary.length(window);
      int piece = vocabulary.piece(window, length);
      at += length;
      if (vocabulary.escapes(window)) {
        int letter = (int) bits(8);
        if (same == target.length || letter != (target[same] & 0xff)) {
          matched = same;
          int order = same == target.length ? 1 : letter - (target[same] & 0xff);
          if (toEnd) {
            skipRest();
          }
          return order;
        }
        same++;
        continue;
      }
      int end = vocabulary.start(piece + 1);
      for (int i = vocabulary.start(piece); i < end; i++) {
        int letter = vocabulary.text(i);
        if (letter == 0) {
          matched = same;
          return same == target.length ? 0 : -1;
        }
        if (same == target.length || letter != (target[same] & 0xff)) {
          matched = same;
          int order = same == target.length ? 1 : letter - (target[same] & 0xff);
          if (toEnd && !vocabulary.ends(window, length)) {
            skipRest();
          }
          return order;
        }
        same++;
      }
    }
  }

  private void skipRest() {
    while (true) {
      int window = window();
      int length = vocabulary.length(window);
      at += length;
      if (vocabulary.ends(window, length)) {
        if (!vocabulary.escapes(window)) {
          return;
        }
        at += 8;
      }
    }
  }

  private void skipMeta() {
    atMeta = false;
    at += 1 + ownerBits + namespaceBits;
    at += regionBits + width((int) bitsAt(at, regionBits));
    if (crcs == ALL_CRCS) {
      at += 32;
    } else if (crcs == SOME_CRCS) {
      boolean there = bits(1) == 1;
      at += there ? 32 : 0;
    }
  }

  private int width(int number) {
    return (int) (widths >>> (number * LENGTH_BITS)) & (1 << LENGTH_BITS) - 1;
  }

  private long owner(long wanted) {
    int from = afterNumber(LISTS_AT);
    for (long i = 0; i < wanted; i++) {
      from = afterNumber(from);
    }
    return numberAt(from);
  }

  private int afterOwners() {
    int from = afterNumber(LISTS_AT);
    for (long left = numberAt(LISTS_AT); left >= 0; left--) {
      from = afterNumber(from);
    }
    return from;
  }

  private int afterNamespaces() {
    int from = afterOwners();
    long left = numberAt(from);
    from = afterNumber(from);
    for (; left > 0; left--) {
      from = afterNumber(from) + 8 * (int) numberAt(from);
    }
    return from;
  }

  private String namespace(int number) {
    int from = afterOwners();
    if (numberAt(from) == 0) {
      return "";
    }
    from = afterNumber(from);
    for (int i = 0; i < number; i++) {
      from = afterNumber(from) + 8 * (int) numberAt(from);
    }
    byte[] bytes = new byte[(int) numberAt(from)];
    from = afterNumber(from);
    for (int b = 0; b < bytes.length; b++) {
      bytes[b] = (byte) bitsAt(from + b * 8, 8);
    }
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private void append(byte letter) {
    if (nameLength == name.length) {
      name = Arrays.copyOf(name, Math.max(64, nameLength * 2));
    }
    name[nameLength++] = letter;
  }

  private long numberAt(int from) {
    return bitsAt(from + LENGTH_BITS, (int) bitsAt(from, LENGTH_BITS));
  }

  private int afterNumber(int from) {
    return from + LENGTH_BITS + (int) bitsAt(from, LENGTH_BITS);
  }

  private long bits(int length) {
    long value = bitsAt(at, length);
    at += length;
    return value;
  }

  /** Returns the {@code length} bits from bit {@code from} on, at most 64. */
  private long bitsAt(int from, int length) {
    if (length == 0) {
      return 0;
    }
    int word = from >>> 6;
    int gone = from & 63;
    long value = words[word] << gone;
    if (gone + length > 64) {
      value |= words[word + 1] >>> (64 - gone);
    }
    return value >>> (64 - length);
  }

  /** Returns the next {@link Vocabulary#CODE_BITS} bits, zeros after the last. */
  private int window() {
    int word = at >>> 6;
    int gone = at & 63;
    long value = words[word] << gone;
    if (gone > 64 - Vocabulary.CODE_BITS && word + 1 < words.length) {
      value |= words[word + 1] >>> (64 - gone);
    }
    return (int) (value >>> (64 - Vocabulary.CODE_BITS));
  }
}
