package io.linkout.link.x86_64;

import io.linkout.elf.Elf;
import io.linkout.elf.SectionHeaders;
import io.linkout.link.Complaints;
import io.linkout.link.Errno;
import io.linkout.link.FixupContext;
import io.linkout.link.ModuleImage;
import java.nio.ByteBuffer;

/**
 * {@code .altinstructions}: code that depends on what the CPU can do ({@code
 * arch/x86/kernel/alternative.c}: apply_alternatives).
 *
 * <p>An entry of {@code struct alt_instr} has 12 bytes up to 6.2: rel32 instruction, rel32
 * replacement, u16 feature with bit 15 for "if absent", u8 length of the instruction, u8 length of
 * the replacement. From 6.3 on it has 14: a u16 of flags follows the feature, bit 0 for "if
 * absent", bit 1 (6.8) for an indirect call to be made direct. Which one is told by the
 * relocations, two for each entry. {@code arch/x86/include/asm/alternative.h} of 6.1.0-56 has 12.
 *
 * <p>Operands of a replacement that are relative to their place move with it: {@link
 * RelativeOperands}. Of an entry that is not chosen nothing changes: Linux would merge the one-byte
 * NOPs that the compiler padded its site with, which do the same.
 *
 * <p>The kernel here says that it is a Xen guest (X86_FEATURE_XENPV), so that CLI, STI and PUSHF,
 * the alternatives for when it is not, stay calls through pv_ops: guest code runs in ring 3.
 */
final class Alternatives {
  /** Set on every CPU, whatever its words say; {@code asm/cpufeatures.h}. */
  static final int FEATURE_ALWAYS = 3 * 32 + 21;

  private static final int INVERTED = 1 << 15;
  private static final int FLAG_NOT = 1;
  private static final int FLAG_DIRECT_CALL = 2;

  private final FixupContext context;
  private final Complaints complaints;
  private final ModuleImage image;
  private final long table;
  private final int entry;
  private final int count;
  private final RelativeOperands operands;

  private Alternatives(
      FixupContext context, Complaints complaints, int section, int entry, int count) {
    this.context = context;
    this.complaints = complaints;
    this.image = context.image();
    this.table = image.plan().sectionAddress(section);
    this.entry = entry;
    this.count = count;
    this.operands = new RelativeOperands(context);
  }

  /** Applies all, in the order of the table. */
  static void apply(FixupContext context, Complaints complaints) {
    int section = context.section(".altinstructions");
    if (section == 0) {
      return;
    }
    SectionHeaders sections = context.image().plan().elf().sections();
    int relocations = sections.relocationsOf(section);
    long size = sections.size(section);
    long pointers = relocations == 0 ? 0 : sections.size(relocations) / Elf.RELA_SIZE;
    if (size == 0) {
      return;
    }
    int count = (int) (pointers / 2);
    int entry = count == 0 ? 0 : (int) (size / count);
    if (pointers % 2 != 0 || (entry != 12 && entry != 14) || size != (long) entry * count) {
      complaints.add(
          Errno.ENOEXEC,
          "section .altinstructions: "
              + size
              + " bytes with "
              + pointers
              + " relocations are entries of neither 12 nor 14 bytes");
      return;
    }
    new Alternatives(context, complaints, section, entry, count).applyAll();
  }

  /**
   * Of consecutive entries for one site (nested ALTERNATIVE macros) each fills the longest of them,
   * so that what a later one does not cover is padding and not the rest of an earlier one.
   */
  private void applyAll() {
    int next;
    for (int first = 0; first < count; first = next) {
      long site = site(entryAt(first));
      int longest = 0;
      for (next = first; next < count && site(entryAt(next)) == site; next++) {
        longest = Math.max(longest, length(entryAt(next)));
      }
      for (int i = first; i < next; i++) {
        if (wanted(entryAt(i))) {
          replace(entryAt(i), site, longest);
        }
      }
    }
  }

  private long entryAt(int index) {
    return table + (long) index * entry;
  }

  private boolean wanted(long at) {
    int word = image.getInt(at + 8);
    int feature = word & 0xffff;
    boolean inverted;
    if (entry == 12) {
      inverted = (feature & INVERTED) != 0;
      feature &= ~INVERTED;
    } else {
      int flags = word >>> 16;
      inverted = (flags & FLAG_NOT) != 0;
      if ((flags & FLAG_DIRECT_CALL) != 0) {
        // The indirect call through pv_ops that is there works.
        return false;
      }
    }
    boolean present = feature == FEATURE_ALWAYS || context.hasFeature(feature);
    return present != inverted;
  }

  private long site(long at) {
    return at + image.getInt(at);
  }

  private int length(long at) {
    return image.getInt(at + entry - 4) >>> 16 & 0xff;
  }

  private int replacementLength(long at) {
    return image.getInt(at + entry - 4) >>> 24;
  }

  private void replace(long at, long site, int length) {
    long replacement = at + 4 + image.getInt(at + 4);
    int size = replacementLength(at);
    if (size > length
        || !image.isBacked(site, length)
        || (size > 0 && !image.isBacked(replacement, size))) {
      complaints.addBulk(
          "section .altinstructions offset 0x"
              + Long.toHexString(at - table)
              + ": replacement of "
              + size
              + " bytes for "
              + length
              + " leads outside the module");
      return;
    }
    byte[] bytes = new byte[size];
    if (size > 0) {
      int other = image.find(replacement, size);
      image.bytes(other).get(image.offset(other, replacement), bytes);
      operands.move(bytes, replacement, site);
    }
    int segment = image.find(site, length);
    int to = image.offset(segment, site);
    ByteBuffer code = image.bytes(segment);
    code.put(to, bytes);
    int used = size;
    if (size == Instructions.CALL_SIZE && bytes[0] == Instructions.JMP) {
      used = shorten(code, to);
    }
    // Linux pads with one-byte NOPs and merges them afterwards (optimize_nops).
    Instructions.nops(code, to + used, size - used);
    Instructions.nops(code, to + size, length - size);
  }

  /** Makes a jump forward that fits a byte one of two bytes, as recompute_jump does (6.1). */
  private static int shorten(ByteBuffer code, int at) {
    int distance = code.getInt(at + 1) + Instructions.CALL_SIZE;
    if (distance < 0 || distance - Instructions.SHORT_SIZE > Byte.MAX_VALUE) {
      return Instructions.CALL_SIZE;
    }
    code.put(at, Instructions.JMP8);
    code.put(at + 1, (byte) (distance - Instructions.SHORT_SIZE));
    return Instructions.SHORT_SIZE;
  }
}
