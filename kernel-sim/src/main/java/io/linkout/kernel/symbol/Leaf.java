package io.linkout.kernel.symbol;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads a leaf: some hundred exports that follow one another by name, packed in bits.
 *
 * <p>Two words tell its {@link Shape}. Then:
 *
 * <ul>
 *   <li>where the names of each block but the first begin;
 *   <li>the names. Of each: how many bytes it shares with the one before (not of the first of a
 *       block, which shares none), and the rest in pieces of the vocabulary. Nothing else lies
 *       among them, as a search has to read past some;
 *   <li>of each export, in as many bits as of every other: whether for GPL only; the number of its
 *       namespace; whether it has a CRC, if some have one and some not; the CRC, if any has one;
 *   <li>of each export whether it is a stray, see below, if any is;
 *   <li>where those are that are not;
 *   <li>where strays are: the number of a group and how far above its lowest;
 *   <li>groups: exports of one owner in one region of the address space. Of each the region's
 *       number, the load id and the lowest place, in steps of the region;
 *   <li>namespaces, unless none has one.
 * </ul>
 *
 * <p>Exports of the first group are plain: where such a one is, is how far above the group's
 * lowest. If their addresses rise with their names, as those of a kernel's absent exports do, this
 * is less by its number among the plain ones, and often takes no bit. All others are strays.
 *
 * <p>It stands at one export or between two. Not thread-safe; the words are never changed.
 */
final class Leaf {
  /** Bits of a number that says in how many bits another is written. */
  static final int LENGTH_BITS = 7;

  /** Where block starts begin, in bits: after the shape. */
  static final int STARTS_AT = 128;

  static final int PREFIX_BITS = 5;

  /** A prefix this long or longer is written once more, in more bits. */
  static final int LONG_PREFIX = 31;

  static final int LONG_PREFIX_BITS = 16;

  private final Vocabulary vocabulary;
  private final AddressRegions regions;
  private final int block;
  private final long[] words;
  private final Shape shape;
  private final int namesAt;

  /** Where reading names goes on, in bits. */
  private int at;

  /** Number of the export that this stands at, or before. */
  private int index;

  private byte[] name = new byte[0];
  private int nameLength;

  /** Bytes that the name read shares with the one before, and where its rest begins, in bits. */
  private int shared;

  private int restAt;

  /** True if what comes next is what follows the name of export {@link #index}. */
  private boolean nameRead;

  /** Bytes that the export compared last and the target share. */
  private int matched;

  /** The group read last. */
  private int group = -1;

  private long owner;
  private int region;
  private long least;

  /** The namespace read last. */
  private int namespaceNumber = -1;

  private String namespace = "";

  Leaf(long[] words, Vocabulary vocabulary, AddressRegions regions, int block) {
    this.words = words;
    this.vocabulary = vocabulary;
    this.regions = regions;
    this.block = block;
    shape = Shape.of(words);
    namesAt = STARTS_AT + (blocks() - 1) * shape.startBits();
    at = namesAt;
  }

  /** Returns how many bits hold {@code value}, unsigned. */
  static int bitsFor(long value) {
    return 64 - Long.numberOfLeadingZeros(value);
  }

  /** Returns how many exports there are. */
  int count() {
    return shape.count();
  }

  /** Returns true if {@code wanted} has exports here. */
  boolean has(long wanted) {
    for (int i = 0; i < shape.groups(); i++) {
      toGroup(i);
      if (owner == wanted) {
        return true;
      }
    }
    return false;
  }

  /**
   * Goes to the export called {@code target}.
   *
   * @return false if there is none
   */
  boolean seek(Target target) {
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
    int end = Math.min(shape.count(), (low + 1) * block);
    int shared = 0;
    while (true) {
      // From here on: the export before, if any, is less than the target and shares matched bytes.
      if (shared > matched) {
        at = afterRest(at);
      } else {
        int order = compareRest(target, shared, true);
        if (order >= 0) {
          nameRead = true;
          return order == 0;
        }
      }
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
  int compareFirst(Target target) {
    toBlock(0);
    return compareRest(target, 0, false);
  }

  /** Goes to export {@code number} and reads its name. */
  void to(int number) {
    toBlock(number / block);
    do {
      next();
    } while (index < number);
  }

  /** Goes to the next export and reads its name; false if there is none. */
  boolean next() {
    if (nameRead) {
      index++;
    }
    nameRead = true;
    if (index == shape.count()) {
      return false;
    }
    nameLength = index % block == 0 ? 0 : prefix();
    shared = nameLength;
    restAt = at;
    while (true) {
      long next = next64(at);
      int step = vocabulary.step(next);
      at += step & Vocabulary.LENGTH;
      if ((step & Vocabulary.ESCAPE) != 0) {
        append((byte) bits(8));
        continue;
      }
      int piece = vocabulary.piece(next, step);
      int end = vocabulary.start(piece + 1);
      for (int i = vocabulary.start(piece); i < end; i++) {
        byte letter = vocabulary.text(i);
        if (letter == 0) {
          return true;
        }
        append(letter);
      }
    }
  }

  /** Returns true if export {@code number} is of {@code wanted}. */
  boolean ownedBy(int number, long wanted) {
    place(number);
    return owner == wanted;
  }

  /** Returns the address of export {@code number}. */
  long address(int number) {
    long steps = place(number);
    return regions.address(region, least + steps);
  }

  /** Returns the number of the export that this stands at. */
  int index() {
    return index;
  }

  /** Returns the name that {@link #next} or {@link #to} read. */
  String name() {
    return new String(name, 0, nameLength, StandardCharsets.UTF_8);
  }

  /** Returns that name and its export, to be packed again. */
  Row row() {
    long address = address(index);
    int from = factsAt(index);
    int crcAt = factsAt(index + 1) - shape.crcBits();
    boolean hasCrc = hasCrc(crcAt);
    return new Row(
        Arrays.copyOf(name, nameLength),
        address,
        hasCrc,
        hasCrc ? crc(crcAt) : 0,
        bitsAt(from, 1) == 1,
        namespaceAt(from + 1),
        owner,
        words,
        shared,
        restAt,
        at);
  }

  /** Returns the order of that name and {@code other}. */
  int compareName(byte[] other) {
    return Arrays.compareUnsigned(name, 0, nameLength, other, 0, other.length);
  }

  /** Returns the export that this stands at, whose name is {@code called}. */
  ExportedSymbol symbol(String called) {
    long address = address(index);
    int from = factsAt(index);
    int crcAt = factsAt(index + 1) - shape.crcBits();
    Integer crc = hasCrc(crcAt) ? (Integer) crc(crcAt) : null;
    return new ExportedSymbol(
        called, address, crc, bitsAt(from, 1) == 1, namespaceAt(from + 1), owner);
  }

  private boolean hasCrc(int from) {
    return shape.crcBits() == 32 || (shape.crcBits() == 33 && bitsAt(from, 1) == 1);
  }

  private int crc(int from) {
    return (int) bitsAt(shape.crcBits() == 33 ? from + 1 : from, 32);
  }

  private String namespaceAt(int from) {
    int bits = shape.namespaceBits();
    if (bits < 0) {
      return "";
    }
    int number = (int) bitsAt(from, bits);
    if (number != namespaceNumber) {
      namespaceNumber = number;
      namespace = namespace(number);
    }
    return namespace;
  }

  private int blocks() {
    return (shape.count() + block - 1) / block;
  }

  private void toBlock(int number) {
    at = namesAt;
    if (number > 0) {
      at += (int) bitsAt(STARTS_AT + (number - 1) * shape.startBits(), shape.startBits());
    }
    index = number * block;
    nameRead = false;
  }

  private int prefix() {
    int shared = (int) (next64(at) >>> (64 - PREFIX_BITS));
    at += PREFIX_BITS;
    return shared < LONG_PREFIX ? shared : (int) bits(LONG_PREFIX_BITS);
  }

  /**
   * Reads the rest of a name; below 0 if the name is less than {@code target}.
   *
   * @param toEnd false if nothing will be read from there on
   */
  private int compareRest(Target target, int from, boolean toEnd) {
    // Fields are written at the end alone: this loop is where a lookup spends its time.
    int here = at;
    int same = from;
    while (true) {
      long next = next64(here);
      int step = vocabulary.step(next);
      here += step & Vocabulary.LENGTH;
      if ((step & Vocabulary.ESCAPE) != 0) {
        int letter = (int) bitsAt(here, 8);
        here += 8;
        if (same < target.length() && letter == target.letter(same)) {
          same++;
          continue;
        }
        matched = same;
        at = toEnd ? afterRest(here) : here;
        return same == target.length() ? 1 : letter - target.letter(same);
      }
      int piece = vocabulary.piece(next, step);
      int start = vocabulary.start(piece);
      int length = vocabulary.start(piece + 1) - start;
      int equal = target.equal(vocabulary, start, length, same);
      same += equal;
      if (equal < length) {
        matched = same;
        int letter = vocabulary.text(start + equal) & 0xff;
        if (letter == 0) {
          at = here;
          return -1;
        }
        at = toEnd && (step & Vocabulary.ENDS) == 0 ? afterRest(here) : here;
        return letter - target.letter(same);
      }
      if ((step & Vocabulary.ENDS) != 0) {
        // The end of the name is equal to that of the target, or to a zero byte in it.
        at = here;
        matched = same - 1;
        return matched == target.length() ? 0 : -1;
      }
    }
  }

  /** Returns where the name ends whose next piece is at {@code from}. */
  private int afterRest(int from) {
    int here = from;
    while (true) {
      long next = next64(here);
      int left = 64;
      do {
        int step = vocabulary.step(next);
        int length = step & Vocabulary.LENGTH;
        next <<= length;
        left -= length;
        here += length;
        if (step >= Vocabulary.ENDS) {
          if ((step & Vocabulary.ESCAPE) == 0) {
            return here;
          }
          next <<= 8;
          left -= 8;
          here += 8;
        }
      } while (left >= Vocabulary.FAST_BITS);
    }
  }

  private int factsAt(int number) {
    return shape.factsAt() + number * shape.factBits();
  }

  /** Goes to the group of export {@code number}; returns how many steps above its lowest it is. */
  private long place(int number) {
    int strays = 0;
    if (shape.strays() > 0) {
      int flag = shape.flagsAt();
      int export = flag + number;
      for (; export - flag >= 64; flag += 64) {
        strays += Long.bitCount(bitsAt(flag, 64));
      }
      strays += Long.bitCount(bitsAt(flag, export - flag));
      if (bitsAt(export, 1) == 1) {
        int width = shape.groupBits() + shape.strayBits();
        int from = shape.straysAt() + strays * width;
        toGroup((int) bitsAt(from, shape.groupBits()));
        return bitsAt(from + shape.groupBits(), shape.strayBits());
      }
    }
    toGroup(0);
    int plain = number - strays;
    long above = bitsAt(shape.plainAt() + plain * shape.plainBits(), shape.plainBits());
    return shape.rising() ? above + plain : above;
  }

  private void toGroup(int number) {
    if (number == group) {
      return;
    }
    int from = shape.groupsAt() + number * shape.wholeGroupBits();
    group = number;
    region = (int) bitsAt(from, AddressRegions.NUMBER_BITS);
    owner = bitsAt(from + AddressRegions.NUMBER_BITS, shape.ownerBits());
    least = bitsAt(from + AddressRegions.NUMBER_BITS + shape.ownerBits(), shape.leastBits());
  }

  private String namespace(int number) {
    int from = shape.groupsAt() + shape.groups() * shape.wholeGroupBits();
    for (int i = 0; i < number; i++) {
      from = afterNumber(from) + 8 * (int) numberAt(from);
    }
    byte[] bytes = new byte[(int) numberAt(from)];
    if (bytes.length == 0) {
      return "";
    }
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

  /**
   * Returns the 64 bits from bit {@code from} on. After every name there is at least a word, so
   * that nothing needs to be asked here.
   */
  private long next64(int from) {
    int word = from >>> 6;
    return words[word] << from | words[word + 1] >>> 1 >>> ~from;
  }
}
