package io.linkout.link.x86_64;

import io.linkout.elf.Elf;
import io.linkout.elf.SectionHeaders;
import io.linkout.link.FixupContext;
import io.linkout.link.LinkPlan;
import io.linkout.link.ModuleImage;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Moves code that has been relocated. An operand relative to its own place, such as the target of a
 * CALL or the address in {@code MOV sym(%rip), %rax}, has to change by as much as the code moved,
 * the other way.
 *
 * <p>Linux finds such operands by decoding instructions: 6.1 only in a replacement that is a single
 * CALL or JMP ({@code arch/x86/kernel/alternative.c}: apply_alternatives), from 6.4 on in all of it
 * (apply_relocation). Here the relocations tell: a rel32 that leaves its section has one, a rel32
 * that stays inside the code that moves has none and stays right. So no decoder is needed, and
 * operands in memory are right too.
 */
final class RelativeOperands {
  private static final int PC32 = 2;
  private static final int PLT32 = 4;

  private final LinkPlan plan;
  private final ModuleImage image;
  private final long[] values;

  /** Section that {@link #places} are of, 0 before the first. */
  private int section;

  /** File offsets of its relative relocations in the low half, their places in the high half. */
  private long[] places = {};

  RelativeOperands(FixupContext context) {
    this.image = context.image();
    this.plan = image.plan();
    this.values = context.values();
  }

  /**
   * Changes {@code code}, a copy of the image's at guest address {@code from}, to lie at {@code
   * to}.
   */
  void move(byte[] code, long from, long to) {
    ByteBuffer copy = ByteBuffer.wrap(code).order(ByteOrder.LITTLE_ENDIAN);
    int delta = (int) (from - to);
    if (code.length == Instructions.CALL_SIZE
        && (code[0] == Instructions.CALL || code[0] == Instructions.JMP)) {
      copy.putInt(1, copy.getInt(1) + delta);
      return;
    }
    if (!holds(section, from)) {
      choose(from);
    }
    if (section == 0) {
      return;
    }
    long start = from - plan.sectionAddress(section);
    int next = Arrays.binarySearch(places, start << 32);
    for (int i = next < 0 ? -next - 1 : next; i < places.length; i++) {
      long at = (places[i] >>> 32) - start;
      if (at > code.length - 4) {
        return;
      }
      // What a fix-up has patched since is no operand any more.
      if (copy.getInt((int) at) == relocated((int) places[i])) {
        copy.putInt((int) at, copy.getInt((int) at) + delta);
      }
    }
  }

  /** Returns what the relocation at file offset {@code entry} wrote. */
  private int relocated(int entry) {
    ByteBuffer file = plan.elf().bytes();
    int symbol = (int) (file.getLong(entry + 8) >>> 32);
    long place = plan.sectionAddress(section) + file.getLong(entry);
    return (int) (values[symbol] + file.getLong(entry + 16) - place);
  }

  private boolean holds(int index, long address) {
    if (index == 0 || !plan.layout().isLoaded(index)) {
      return false;
    }
    long offset = address - plan.sectionAddress(index);
    return offset >= 0 && offset < plan.elf().sections().size(index);
  }

  private void choose(long address) {
    SectionHeaders sections = plan.elf().sections();
    section = 0;
    places = new long[0];
    for (int i = 1; i < sections.count() && section == 0; i++) {
      section = holds(i, address) ? i : 0;
    }
    for (int i = 1; i < sections.count() && section != 0; i++) {
      if (sections.type(i) == Elf.SHT_RELA && sections.info(i) == section) {
        add(sections.offset(i), (int) (sections.size(i) / Elf.RELA_SIZE));
      }
    }
    Arrays.sort(places);
  }

  private void add(int start, int count) {
    ByteBuffer file = plan.elf().bytes();
    int used = places.length;
    places = Arrays.copyOf(places, used + count);
    for (int entry = start; entry < start + count * Elf.RELA_SIZE; entry += Elf.RELA_SIZE) {
      int type = file.getInt(entry + 8);
      if (type == PC32 || type == PLT32) {
        places[used++] = file.getLong(entry) << 32 | entry;
      }
    }
    places = Arrays.copyOf(places, used);
  }
}
