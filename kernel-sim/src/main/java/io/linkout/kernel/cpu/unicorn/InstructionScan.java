package io.linkout.kernel.cpu.unicorn;

import org.jspecify.annotations.Nullable;

/**
 * Finds out how long an instruction is and whether it may be given to Unicorn: 64-bit code as QEMU
 * 5.0 decodes it (target/i386/translate.c), which Unicorn 2.0 is made of.
 *
 * <p>Two kinds of instruction that every x86 CPU refuses make this QEMU abort the whole process
 * while it translates them: LOCK where it is not allowed, and far jumps and calls to a register. A
 * third kind, the port instructions, Unicorn carries out in ring 3 too.
 */
final class InstructionScan {
  /** What to do about an instruction. */
  enum Kind {
    /** It may run, and the next one follows. */
    ORDINARY,
    /** It may run; no other follows in its block: a transfer, or one that faults. */
    LAST,
    /** It must not be translated: the CPU has no such instruction. */
    INVALID,
    /** It must not be translated: {@link #name} says what it is. */
    FORBIDDEN
  }

  /** Longest instruction in bytes. */
  static final int LONGEST = 15;

  private final byte[] code;
  private int at;
  private boolean lock;
  private boolean word;
  private boolean wide;
  private boolean addressSize;
  private boolean repeat;
  private int modrm;
  private Kind kind = Kind.ORDINARY;
  private @Nullable String name;

  /** Scans the instruction that {@code code} begins with; what is beyond its end is not code. */
  InstructionScan(byte[] code) {
    this.code = code;
    int opcode = prefixes();
    if (opcode == 0xc4 || opcode == 0xc5) {
      vector(opcode);
    } else if (opcode == 0x0f) {
      twoBytes(next());
    } else {
      oneByte(opcode);
    }
    if (at > LONGEST && kind == Kind.ORDINARY) {
      kind = Kind.LAST;
    }
  }

  /** Returns the length in bytes: of an instruction that faults only up to where it does. */
  int length() {
    return at;
  }

  /** Returns what to do about it. */
  Kind kind() {
    return kind;
  }

  /** Returns the mnemonic of a forbidden instruction. */
  @Nullable String name() {
    return name;
  }

  private int next() {
    int b = at < code.length ? code[at] & 0xff : 0;
    at++;
    return b;
  }

  private int prefixes() {
    while (at < LONGEST) {
      int b = next();
      switch (b) {
        case 0xf0 -> lock = true;
        case 0x66 -> word = true;
        case 0x67 -> addressSize = true;
        case 0xf2, 0xf3 -> repeat = true;
        case 0x26, 0x2e, 0x36, 0x3e, 0x64, 0x65 -> {}
        default -> {
          if (b < 0x40 || b > 0x4f) {
            return b;
          }
          wide = (b & 8) != 0; // REX, which QEMU lets other prefixes follow
        }
      }
    }
    kind = Kind.LAST;
    return 0x90;
  }

  private void oneByte(int b) {
    if (b < 0x40 && (b & 7) < 4) { // add, or, adc, sbb, and, sub, xor, cmp
      operand();
      checkLock(b < 0x38 && (b & 2) == 0);
    } else if (b < 0x40 && (b & 7) < 6) {
      immediate((b & 1) == 0 ? 1 : full());
      checkLock(false);
    } else {
      others(b);
    }
  }

  private void others(int b) {
    boolean lockable = false;
    switch (b) {
      case 0x63, 0x84, 0x85, 0x88, 0x89, 0x8a, 0x8b, 0x8c, 0x8d, 0x8e, 0x8f -> operand();
      case 0xd0, 0xd1, 0xd2, 0xd3 -> operand();
      case 0xd8, 0xd9, 0xda, 0xdb, 0xdc, 0xdd, 0xde, 0xdf -> operand();
      case 0x86, 0x87 -> { // xchg
        operand();
        lockable = true;
      }
      case 0x69 -> operandAnd(full());
      case 0x6b, 0xc0, 0xc1, 0xc6 -> operandAnd(1);
      case 0x80, 0x83 -> {
        operandAnd(1);
        lockable = register() != 7;
      }
      case 0x81 -> {
        operandAnd(full());
        lockable = register() != 7;
      }
      case 0xc7 -> operandAnd(full());
      case 0xf6, 0xf7 -> {
        operand();
        immediate(register() < 2 ? b == 0xf6 ? 1 : full() : 0);
        lockable = register() == 2 || register() == 3;
      }
      case 0xfe, 0xff -> {
        operand();
        lockable = register() < 2;
        indirect(b);
      }
      case 0x68, 0xa9 -> immediate(full());
      case 0x6a, 0xa8 -> immediate(1);
      case 0xa0, 0xa1, 0xa2, 0xa3 -> immediate(addressSize ? 4 : 8);
      case 0xc8 -> immediate(3);
      default -> {
        if (b >= 0xb0 && b <= 0xb7) {
          immediate(1);
        } else if (b >= 0xb8 && b <= 0xbf) {
          immediate(wide ? 8 : full());
        } else {
          shortOnes(b);
        }
      }
    }
    checkLock(lockable);
  }

  private void indirect(int b) {
    if (b == 0xff && register() >= 2 && register() <= 5) {
      boolean far = register() == 3 || register() == 5;
      kind = far && modrm >= 0xc0 ? Kind.INVALID : Kind.LAST;
    }
  }

  /** One byte of opcode, and neither operand nor immediate where the next instruction counts. */
  private void shortOnes(int b) {
    switch (b) {
      case 0xe4, 0xe5, 0xec, 0xed -> forbid("in");
      case 0xe6, 0xe7, 0xee, 0xef -> forbid("out");
      case 0x6c, 0x6d -> forbid("ins");
      case 0x6e, 0x6f -> forbid("outs");
      case 0xf4 -> forbid("hlt");
      case 0x90, 0x91, 0x92, 0x93, 0x94, 0x95, 0x96, 0x97, 0x98, 0x99, 0x9b, 0x9c, 0x9e, 0x9f -> {}
      case 0xa4, 0xa5, 0xa6, 0xa7, 0xaa, 0xab, 0xac, 0xad, 0xae, 0xaf -> {}
      case 0xc9, 0xd7, 0xf5, 0xf8, 0xf9, 0xfc, 0xfd -> {}
      default -> {
        if (b < 0x50 || b > 0x5f) { // all but push and pop
          transfer(b);
        }
      }
    }
  }

  private void transfer(int b) {
    kind = Kind.LAST;
    switch (b) {
      case 0xe8, 0xe9 -> immediate(full());
      case 0xe0, 0xe1, 0xe2, 0xe3, 0xeb, 0xcd -> immediate(1);
      case 0xc2, 0xca -> immediate(2);
      default -> immediate(b >= 0x70 && b <= 0x7f ? 1 : 0);
    }
  }

  private void twoBytes(int b) {
    switch (b) {
      case 0x05 -> forbid("syscall");
      case 0x34 -> forbid("sysenter");
      case 0x38 -> {
        next();
        operand();
        checkLock(false);
      }
      case 0x3a -> {
        next();
        operandAnd(1);
        checkLock(false);
      }
      case 0x0e, 0x31, 0x77, 0xa0, 0xa1, 0xa2, 0xa8, 0xa9 -> checkLock(false); // rdtsc, cpuid
      case 0xc8, 0xc9, 0xca, 0xcb, 0xcc, 0xcd, 0xce, 0xcf -> checkLock(false); // bswap
      case 0x50, 0x71, 0x72, 0x73 -> registers(b == 0x50 ? 0 : 1);
      case 0xd6 -> {
        if (repeat) { // movq2dq, movdq2q
          registers(0);
        } else {
          operand();
          checkLock(false);
        }
      }
      case 0x0f, 0x70, 0xa4, 0xac, 0xc2, 0xc4, 0xc5, 0xc6 -> {
        operandAnd(1);
        checkLock(false);
      }
      case 0x78 -> registers(2); // extrq, insertq
      case 0xba -> {
        operandAnd(1);
        checkLock(register() > 4);
      }
      case 0xab, 0xb3, 0xbb, 0xb0, 0xb1, 0xc0, 0xc1 -> {
        operand();
        checkLock(true);
      }
      case 0xc7 -> {
        operand();
        checkLock(register() == 1);
      }
      default -> {
        if (b >= 0x80 && b <= 0x8f) {
          immediate(full());
          kind = Kind.LAST;
        } else if (system(b)) {
          kind = Kind.LAST;
        } else {
          operand();
        }
        checkLock(false);
      }
    }
  }

  /** Instructions without an operand that fault in ring 3, and what is none. */
  private static boolean system(int b) {
    return (b >= 0x04 && b <= 0x0c)
        || (b >= 0x20 && b <= 0x27)
        || (b >= 0x30 && b <= 0x3f)
        || b == 0xaa
        || b == 0xff;
  }

  /** VEX, which this QEMU takes for another way to write the prefixes and 0f, 0f 38 or 0f 3a. */
  private void vector(int b) {
    int map = b == 0xc5 ? 1 : next() & 0x1f;
    int last = next();
    if (b == 0xc4) {
      wide = (last & 0x80) != 0;
    }
    word |= (last & 3) == 1;
    repeat |= (last & 3) >= 2;
    switch (map) {
      case 1 -> twoBytes(next());
      case 2 -> twoBytes(0x38);
      case 3 -> twoBytes(0x3a);
      default -> kind = Kind.LAST;
    }
  }

  private void forbid(String instruction) {
    kind = Kind.FORBIDDEN;
    name = instruction;
  }

  private void checkLock(boolean allowed) {
    if (lock && (!allowed || modrm >= 0xc0) && kind != Kind.FORBIDDEN) {
      kind = Kind.INVALID;
    }
  }

  private int register() {
    return modrm >> 3 & 7;
  }

  /** Bytes of an operand-sized immediate. */
  private int full() {
    return word && !wide ? 2 : 4;
  }

  private void immediate(int bytes) {
    at += bytes;
  }

  /** Two registers and an immediate; this QEMU takes what looks like memory for registers too. */
  private void registers(int bytes) {
    modrm = next();
    immediate(bytes);
    checkLock(false);
  }

  private void operandAnd(int bytes) {
    operand();
    immediate(bytes);
  }

  /** ModR/M, SIB and displacement: Intel SDM volume 2, 2.1.5 and 2.2.1. */
  private void operand() {
    modrm = next();
    int mod = modrm >> 6;
    int base = modrm & 7;
    if (mod == 3) {
      return;
    }
    if (base == 4) {
      base = next() & 7;
      at += mod == 0 && base == 5 ? 4 : 0;
    } else if (mod == 0 && base == 5) {
      at += 4;
    }
    at += mod == 1 ? 1 : mod == 2 ? 4 : 0;
  }
}
