package io.linkout.link;

import org.jspecify.annotations.Nullable;

/**
 * The standard parameter types: what {@code kernel/params.c} (6.1) has operations for, known by the
 * symbol of those operations. Scalars are checked and written by the linker; sizes are the
 * operations', in bytes.
 */
enum ParameterType {
  /** u8. */
  BYTE("byte", 1, false),
  /** s16. */
  SHORT("short", 2, true),
  /** u16. */
  USHORT("ushort", 2, false),
  /** s32. */
  INT("int", 4, true),
  /** u32. */
  UINT("uint", 4, false),
  /** s64 on 64-bit machines. */
  LONG("long", 8, true),
  /** u64 on 64-bit machines. */
  ULONG("ulong", 8, false),
  /** u64. */
  ULLONG("ullong", 8, false),
  /** u32, always base 16. */
  HEXINT("hexint", 4, false),
  /** C's bool, one byte; no value means true. */
  BOOL("bool", 1, false),
  /** A bool with the sense reversed. */
  INVBOOL("invbool", 1, false),
  /** A bool that may not go back to false. */
  BOOL_ENABLE_ONLY("bool_enable_only", 1, false),
  /** An int that is set as a bool. */
  BINT("bint", 4, true),
  /** Pointer to text of its own. */
  CHARP("charp", 8, false),
  /** Text copied into an array: struct kparam_string. */
  STRING("string", 0, false),
  /** Comma-separated values: struct kparam_array. */
  ARRAY("array", 0, false);

  private final String word;
  private final int size;
  private final boolean signed;

  ParameterType(String word, int size, boolean signed) {
    this.word = word;
    this.size = size;
    this.signed = signed;
  }

  /** Returns the type whose operations are called {@code symbol}, or null. */
  static @Nullable ParameterType ofOps(String symbol) {
    if (symbol.equals("param_array_ops")) {
      return ARRAY;
    }
    if (!symbol.startsWith("param_ops_")) {
      return null;
    }
    String word = symbol.substring("param_ops_".length());
    for (ParameterType type : values()) {
      if (type.word.equals(word) && type != ARRAY) {
        return type;
      }
    }
    return null;
  }

  /** Returns the word of {@code module_param}. */
  String word() {
    return word;
  }

  /** Returns the bytes of one value. */
  int size() {
    return size;
  }

  /** Returns true if the value may be left out (KERNEL_PARAM_OPS_FL_NOARG): it means true. */
  boolean valueOptional() {
    return this == BOOL || this == BOOL_ENABLE_ONLY || this == BINT;
  }

  /** Returns true if the type is a number or a bool. */
  boolean isScalar() {
    return this != CHARP && this != STRING && this != ARRAY;
  }

  /** Returns the bits to be written for {@code text}, a scalar's. */
  long parse(String text) throws KernelNumber.NotANumber {
    return switch (this) {
      case BOOL, BOOL_ENABLE_ONLY, BINT -> parseBool(text) ? 1 : 0;
      case INVBOOL -> parseBool(text) ? 0 : 1;
      case HEXINT -> KernelNumber.unsigned(text, 16, 32);
      default ->
          signed
              ? KernelNumber.signed(text, 0, size * Byte.SIZE)
              : KernelNumber.unsigned(text, 0, size * Byte.SIZE);
    };
  }

  /** Looks at the first one or two characters only, as {@code lib/kstrtox.c}: kstrtobool (6.1). */
  private static boolean parseBool(String text) throws KernelNumber.NotANumber {
    char first = text.isEmpty() ? 0 : text.charAt(0);
    char second = text.length() < 2 ? 0 : text.charAt(1);
    return switch (first) {
      case 'y', 'Y', 't', 'T', '1' -> true;
      case 'n', 'N', 'f', 'F', '0' -> false;
      case 'o', 'O' ->
          switch (second) {
            case 'n', 'N' -> true;
            case 'f', 'F' -> false;
            default -> throw new KernelNumber.NotANumber(false);
          };
      default -> throw new KernelNumber.NotANumber(false);
    };
  }
}
