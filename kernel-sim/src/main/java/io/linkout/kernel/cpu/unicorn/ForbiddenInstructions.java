package io.linkout.kernel.cpu.unicorn;

import org.jspecify.annotations.Nullable;

/**
 * Recognizes, at an exact instruction pointer, the instructions a kernel module cannot mean here:
 * each ends in #GP or #UD in ring 3, and a report should name it.
 */
final class ForbiddenInstructions {
  private ForbiddenInstructions() {}

  /** Returns the mnemonic of the instruction that {@code code} begins with, or null. */
  static @Nullable String name(byte[] code) {
    int i = 0;
    while (i < code.length && isPrefix(code[i] & 0xff)) {
      i++;
    }
    if (i >= code.length) {
      return null;
    }
    return switch (code[i] & 0xff) {
      case 0xf4 -> "hlt";
      case 0xe4, 0xe5, 0xec, 0xed -> "in";
      case 0xe6, 0xe7, 0xee, 0xef -> "out";
      case 0x6c, 0x6d -> "ins";
      case 0x6e, 0x6f -> "outs";
      case 0x0f -> twoBytes(i + 1 < code.length ? code[i + 1] & 0xff : 0);
      default -> null;
    };
  }

  private static @Nullable String twoBytes(int second) {
    return switch (second) {
      case 0x05 -> "syscall";
      case 0x34 -> "sysenter";
      default -> null;
    };
  }

  private static boolean isPrefix(int b) {
    return switch (b) {
      case 0x26, 0x2e, 0x36, 0x3e, 0x64, 0x65, 0x66, 0x67, 0xf0, 0xf2, 0xf3 -> true;
      default -> b >= 0x40 && b <= 0x4f;
    };
  }
}
