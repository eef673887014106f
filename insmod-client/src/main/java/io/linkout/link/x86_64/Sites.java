package io.linkout.link.x86_64;

import io.linkout.link.ModuleImage;
import io.linkout.link.ModuleLayout;
import java.nio.ByteBuffer;

/**
 * Jump labels and static calls as the initial values of their keys make them, for an image that is
 * looked at rather than loaded. Sites whose key is outside the module stay as compiled: only the
 * kernel knows its state.
 *
 * <p>Entries as {@link SortedTables} describes them. A jump label's site is a JMP if its key is
 * enabled and its branch bit (bit 0) is not set, or the other way round; else a NOP of the same 2
 * or 5 bytes ({@code arch/x86/kernel/jump_label.c}, 6.1). A static call's site is a CALL, or with
 * the tail bit a JMP, to the key's first word; where that is 0, a NOP or a RET, and where it is
 * {@code __static_call_return0} a CALL becomes an XOR that leaves 0 ({@code
 * arch/x86/kernel/static_call.c}, 6.1).
 */
final class Sites {
  private Sites() {}

  /**
   * Patches all sites whose key is in the module.
   *
   * @param returnZero address of {@code __static_call_return0}, 0 if the module does not use it
   */
  static void patch(ModuleImage image, long returnZero) {
    jumps(image);
    calls(image, returnZero);
  }

  private static void jumps(ModuleImage image) {
    long table = start(image, "__jump_table");
    long end = table + size(image, "__jump_table");
    for (long at = table; at <= end - 16; at += 16) {
      long site = at + image.getInt(at);
      long target = at + 4 + image.getInt(at + 4);
      long tagged = at + 8 + image.getLong(at + 8);
      long key = tagged & ~3;
      if (image.find(key, 4) < 0 || !image.isBacked(site, Instructions.SHORT_SIZE)) {
        continue;
      }
      boolean jump = image.getInt(key) > 0 != ((tagged & 1) != 0);
      int segment = image.find(site, Instructions.SHORT_SIZE);
      ByteBuffer code = image.bytes(segment);
      int place = image.offset(segment, site);
      boolean small = code.get(place) == Instructions.JMP8 || code.get(place) == 0x66;
      if (!small && !image.isBacked(site, Instructions.CALL_SIZE)) {
        continue;
      }
      if (!jump) {
        Instructions.nops(code, place, small ? Instructions.SHORT_SIZE : Instructions.CALL_SIZE);
      } else if (small) {
        code.put(place, Instructions.JMP8)
            .put(place + 1, (byte) (target - site - Instructions.SHORT_SIZE));
      } else {
        code.put(place, Instructions.JMP);
        code.putInt(place + 1, (int) (target - site - Instructions.CALL_SIZE));
      }
    }
  }

  private static void calls(ModuleImage image, long returnZero) {
    long table = start(image, ".static_call_sites");
    long end = table + size(image, ".static_call_sites");
    for (long at = table; at <= end - 8; at += 8) {
      long site = at + image.getInt(at);
      long tagged = at + 4 + image.getInt(at + 4);
      long key = tagged & ~3;
      boolean tail = (tagged & 1) != 0;
      if (image.find(key, 8) < 0 || !image.isBacked(site, Instructions.CALL_SIZE)) {
        continue;
      }
      int segment = image.find(site, Instructions.CALL_SIZE);
      ByteBuffer code = image.bytes(segment);
      int place = image.offset(segment, site);
      byte opcode = code.get(place);
      if (opcode != Instructions.CALL && opcode != Instructions.JMP) {
        // A Jcc, which the kernel patches from 6.3 on: it leads to the trampoline and works.
        continue;
      }
      long function = image.getLong(key);
      if (function != 0 && function == returnZero && !tail) {
        code.put(place, Instructions.ZERO);
      } else if (function != 0) {
        code.put(place, tail ? Instructions.JMP : Instructions.CALL);
        code.putInt(place + 1, (int) (function - site - Instructions.CALL_SIZE));
      } else if (tail) {
        Instructions.ret(code, place, Instructions.CALL_SIZE);
      } else {
        Instructions.nops(code, place, Instructions.CALL_SIZE);
      }
    }
  }

  private static long start(ModuleImage image, String name) {
    int section = image.plan().elf().sections().find(name);
    return section != 0 && image.plan().layout().segmentOf(section) != ModuleLayout.NOT_LOADED
        ? image.plan().sectionAddress(section)
        : 0;
  }

  private static long size(ModuleImage image, String name) {
    return start(image, name) == 0
        ? 0
        : image.plan().elf().sections().size(image.plan().elf().sections().find(name));
  }
}
