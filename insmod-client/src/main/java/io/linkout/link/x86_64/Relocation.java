package io.linkout.link.x86_64;

import org.jspecify.annotations.Nullable;

/**
 * The relocation types that modules use (psABI AMD64, section 4.4.1, table 4.10). S: value of the
 * symbol; A: addend; P: address of the place. Linux applies them in {@code
 * arch/x86/kernel/module.c}: __write_relocate_add (6.1).
 */
enum Relocation {
  /** Nothing: no place, no value. */
  R_X86_64_NONE(0, 0, "none"),
  /** S + A : u64. Can't overflow. */
  R_X86_64_64(1, 8, "S + A"),
  /** S + A − P : i32. Overflows if the sign-extended 32 bits are not the value. */
  R_X86_64_PC32(2, 4, "S + A - P as i32"),
  /**
   * L + A − P : i32, where L is the symbol itself: a module has no procedure linkage table.
   * Overflows as PC32.
   */
  R_X86_64_PLT32(4, 4, "S + A - P as i32"),
  /** S + A : u32. Overflows if the zero-extended 32 bits are not the value. */
  R_X86_64_32(10, 4, "S + A as u32"),
  /** S + A : i32. Overflows if the sign-extended 32 bits are not the value. */
  R_X86_64_32S(11, 4, "S + A as i32"),
  /** S + A − P : u64. Can't overflow. */
  R_X86_64_PC64(24, 8, "S + A - P");

  private final int number;
  private final int width;
  private final String formula;

  Relocation(int number, int width, String formula) {
    this.number = number;
    this.width = width;
    this.formula = formula;
  }

  /** Returns the bytes it writes. */
  int width() {
    return width;
  }

  /** Returns its formula, for messages. */
  String formula() {
    return formula;
  }

  /** Returns the type with that number, or null if it is not supported. */
  static @Nullable Relocation of(int number) {
    for (Relocation type : values()) {
      if (type.number == number) {
        return type;
      }
    }
    return null;
  }
}
