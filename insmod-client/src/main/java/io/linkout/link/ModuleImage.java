package io.linkout.link;

import io.linkout.elf.Elf;
import io.linkout.elf.ElfFile;
import io.linkout.elf.SectionHeaders;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * The bytes of a module's segments, little-endian, as they will be in the guest. Holds what comes
 * from the file; the zeroes that follow it in a segment are not held until something is written
 * there.
 *
 * <p>Sections are copied once, from the mapped file to here; all later steps work in place.
 * Confined to one thread.
 */
public final class ModuleImage {
  private static final int ZEROES = 1 << 16;

  /** Longest string that is looked for, in bytes: any number of pointers may lead to one text. */
  private static final int LONGEST_STRING = 4096;

  /** Most bytes of one image, so that its buffer can have them. */
  private static final long MOST_BYTES = Integer.MAX_VALUE - (1 << 21);

  private static final byte[] ZERO = new byte[ZEROES];

  private final LinkPlan plan;
  private final List<SegmentRequest> requests;
  private final ByteBuffer[] bytes;
  private final ByteBuffer memory;
  private int last;
  private boolean patched;

  private ModuleImage(LinkPlan plan, ByteBuffer memory) {
    this.plan = plan;
    this.requests = plan.layout().requests();
    this.bytes = new ByteBuffer[requests.size()];
    this.memory = memory;
  }

  /** Returns the image of {@code plan}'s file before relocation, in memory from {@code pool}. */
  static ModuleImage copyOf(LinkPlan plan, ImageMemory pool) {
    ModuleLayout layout = plan.layout();
    int count = layout.requests().size();
    long total = 0;
    for (int i = 0; i < count; i++) {
      total += align(layout.fileEnd(i));
    }
    requireInProportion(plan.elf(), total);
    ModuleImage image = new ModuleImage(plan, pool.take(total));
    int start = 0;
    for (int i = 0; i < count; i++) {
      image.bytes[i] = slice(image.memory, start, (int) layout.fileEnd(i));
      start += (int) align(layout.fileEnd(i));
    }
    image.copySections();
    return image;
  }

  private static void requireInProportion(ElfFile elf, long bytes) {
    long most = Math.min(MOST_BYTES, ImageMemory.mostBytes(elf.bytes().limit()));
    if (bytes > most) {
      throw elf.malformed(
          bytes
              + " bytes of image, most of them zeroes before or between sections: too many for a"
              + " file of "
              + elf.bytes().limit()
              + " bytes (at most "
              + most
              + ")");
    }
  }

  private static long align(long size) {
    return (size + 63) & ~63L;
  }

  private static ByteBuffer slice(ByteBuffer buffer, int from, int size) {
    return buffer.slice(from, size).order(ByteOrder.LITTLE_ENDIAN);
  }

  private void copySections() {
    ElfFile elf = plan.elf();
    SectionHeaders sections = elf.sections();
    ModuleLayout layout = plan.layout();
    int[] filled = new int[bytes.length];
    // Sections of a segment have rising offsets in the order of the file.
    for (int i = 1; i < sections.count(); i++) {
      int segment = layout.segmentOf(i);
      int size = (int) sections.size(i);
      if (segment == ModuleLayout.NOT_LOADED || size == 0 || sections.type(i) == Elf.SHT_NOBITS) {
        continue;
      }
      int at = (int) layout.offsetOf(i);
      clear(bytes[segment], filled[segment], at);
      bytes[segment].put(at, elf.bytes(), sections.offset(i), size);
      filled[segment] = at + size;
    }
  }

  private static void clear(ByteBuffer buffer, int from, int to) {
    for (int at = from; at < to; at += ZEROES) {
      buffer.put(at, ZERO, 0, Math.min(ZEROES, to - at));
    }
  }

  /**
   * Returns the relocations of section {@code section} with the bytes that they apply to.
   *
   * @param values value of each symbol
   * @throws IllegalStateException if patching has begun: a relocation would land on patched code
   */
  RelocationSection relocations(int section, long[] values) {
    if (patched) {
      throw new IllegalStateException("relocations after fix-ups");
    }
    ElfFile elf = plan.elf();
    SectionHeaders sections = elf.sections();
    int target = sections.info(section);
    return new RelocationSection(
        elf,
        section,
        elf.bytes(),
        sections.offset(section),
        (int) (sections.size(section) / Elf.RELA_SIZE),
        bytes[plan.layout().segmentOf(target)],
        (int) plan.layout().offsetOf(target),
        (int) sections.size(target),
        plan.sectionAddress(target),
        values);
  }

  /** Says that relocation is over: from here on bytes are patched. */
  void beginPatching() {
    patched = true;
  }

  /** Returns the plan with every address. */
  public LinkPlan plan() {
    return plan;
  }

  /** Returns the number of segments that come from the file's sections. */
  public int segmentCount() {
    return bytes.length;
  }

  /** Returns what was asked for {@code segment}. */
  public SegmentRequest request(int segment) {
    return requests.get(segment);
  }

  /** Returns the bytes of {@code segment} up to its last that is not known to be zero. */
  public ByteBuffer bytes(int segment) {
    return bytes[segment];
  }

  /** Returns the segment that holds all {@code length} bytes at {@code address}, or -1. */
  public int find(long address, long length) {
    if (last < bytes.length && holds(last, address, length)) {
      return last;
    }
    for (int i = 0; i < bytes.length; i++) {
      if (holds(i, address, length)) {
        last = i;
        return i;
      }
    }
    return -1;
  }

  private boolean holds(int segment, long address, long length) {
    long offset = address - plan.segmentAddress(segment);
    return offset >= 0 && length >= 0 && offset <= requests.get(segment).size() - length;
  }

  /** Returns the offset of {@code address} in {@code segment}. */
  public int offset(int segment, long address) {
    return Math.toIntExact(address - plan.segmentAddress(segment));
  }

  /** Returns true if all {@code length} bytes at {@code address} are bytes of the file's. */
  public boolean isBacked(long address, int length) {
    int segment = find(address, length);
    return segment >= 0 && offset(segment, address) <= bytes[segment].capacity() - length;
  }

  /**
   * Returns the bytes of the segment that holds {@code length} bytes at {@code address}, with those
   * bytes in it.
   *
   * @throws IndexOutOfBoundsException if no segment holds them
   */
  public ByteBuffer writable(long address, int length) {
    int segment = find(address, length);
    if (segment < 0) {
      throw new IndexOutOfBoundsException("no segment at 0x" + Long.toHexString(address));
    }
    int end = offset(segment, address) + length;
    if (end > bytes[segment].capacity()) {
      long held = end;
      for (int i = 0; i < bytes.length; i++) {
        held += i == segment ? 0 : bytes[i].capacity();
      }
      requireInProportion(plan.elf(), held);
      ByteBuffer larger = ByteBuffer.allocateDirect(end).order(ByteOrder.LITTLE_ENDIAN);
      larger.put(0, bytes[segment], 0, bytes[segment].capacity());
      bytes[segment] = larger;
    }
    return bytes[segment];
  }

  /**
   * Returns the NUL-terminated string at {@code address}, one char a byte, or null if there is
   * none, or none that ends within 4,096 bytes.
   */
  public @org.jspecify.annotations.Nullable String string(long address) {
    int segment = find(address, 1);
    if (segment < 0) {
      return null;
    }
    ByteBuffer buffer = bytes[segment];
    StringBuilder text = new StringBuilder();
    for (int at = offset(segment, address); at < buffer.capacity(); at++) {
      byte b = buffer.get(at);
      if (b == 0) {
        return text.toString();
      }
      if (text.length() == LONGEST_STRING) {
        return null;
      }
      text.append((char) (b & 0xff));
    }
    return buffer.capacity() < requests.get(segment).size() ? text.toString() : null;
  }

  /** Returns the 8 bytes at {@code address}, 0 where nothing was written. */
  public long getLong(long address) {
    int segment = find(address, 8);
    if (segment < 0 || offset(segment, address) > bytes[segment].capacity() - 8) {
      return 0;
    }
    return bytes[segment].getLong(offset(segment, address));
  }

  /** Returns the 4 bytes at {@code address}, 0 where nothing was written. */
  public int getInt(long address) {
    int segment = find(address, 4);
    if (segment < 0 || offset(segment, address) > bytes[segment].capacity() - 4) {
      return 0;
    }
    return bytes[segment].getInt(offset(segment, address));
  }

  /** Returns the byte at {@code address}, 0 where nothing was written. */
  public int getByte(long address) {
    int segment = find(address, 1);
    if (segment < 0 || offset(segment, address) >= bytes[segment].capacity()) {
      return 0;
    }
    return bytes[segment].get(offset(segment, address));
  }

  /** Gives the memory back; the image is not used after. */
  void release(ImageMemory pool) {
    pool.giveBack(memory);
  }
}
