package io.linkout.link.x86_64;

import java.nio.ByteBuffer;

/** The few instructions that patching reads and writes. */
final class Instructions {
  /** CALL rel32. */
  static final byte CALL = (byte) 0xe8;

  /** JMP rel32. */
  static final byte JMP = (byte) 0xe9;

  /** JMP rel8. */
  static final byte JMP8 = (byte) 0xeb;

  /** RET. */
  static final byte RET = (byte) 0xc3;

  /** INT3. */
  static final byte INT3 = (byte) 0xcc;

  /** Bytes of a JMP with rel8. */
  static final int SHORT_SIZE = 2;

  /**
   * CS CS CS XOR EAX, EAX: five bytes that do what a function does that only returns 0 ({@code
   * arch/x86/kernel/static_call.c}: xor5rax, 6.1).
   */
  static final byte[] ZERO = {0x2e, 0x2e, 0x2e, 0x31, (byte) 0xc0};

  /** Bytes of a CALL or JMP with rel32. */
  static final int CALL_SIZE = 5;

  /**
   * The NOPs of 1 to 8 bytes that Linux and the assembler prefer ({@code
   * arch/x86/include/asm/nops.h}, 6.1).
   */
  private static final byte[][] NOPS = {
    {},
    {(byte) 0x90},
    {0x66, (byte) 0x90},
    {0x0f, 0x1f, 0x00},
    {0x0f, 0x1f, 0x40, 0x00},
    {0x0f, 0x1f, 0x44, 0x00, 0x00},
    {0x66, 0x0f, 0x1f, 0x44, 0x00, 0x00},
    {0x0f, 0x1f, (byte) 0x80, 0x00, 0x00, 0x00, 0x00},
    {0x0f, 0x1f, (byte) 0x84, 0x00, 0x00, 0x00, 0x00, 0x00},
  };

  private Instructions() {}

  /** Fills {@code length} bytes from {@code at} with the fewest NOPs. */
  static void nops(ByteBuffer code, int at, int length) {
    int done = 0;
    while (done < length) {
      int size = Math.min(length - done, NOPS.length - 1);
      code.put(at + done, NOPS[size]);
      done += size;
    }
  }

  /** Writes RET, and INT3 up to {@code length} bytes, as Linux pads it against speculation. */
  static void ret(ByteBuffer code, int at, int length) {
    code.put(at, RET);
    for (int i = 1; i < length; i++) {
      code.put(at + i, INT3);
    }
  }

  /** Returns true if the bytes at {@code at} are {@code opcode} rel32 to {@code target}. */
  static boolean leadsTo(ByteBuffer code, int at, byte opcode, long address, long target) {
    return code.get(at) == opcode && address + CALL_SIZE + code.getInt(at + 1) == target;
  }
}
