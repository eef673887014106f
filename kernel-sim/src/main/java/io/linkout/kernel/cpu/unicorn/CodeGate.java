package io.linkout.kernel.cpu.unicorn;

import org.jspecify.annotations.Nullable;

/**
 * Stands between guest code and Unicorn's translator: sees each fetch of code, and lets none of an
 * instruction pass that must not be translated (see {@link InstructionScan}).
 *
 * <p>Unicorn knows no region as executable, so it asks about every fetch, and only the translator
 * fetches. It goes through a block byte by byte from its first instruction; so the first fetch that
 * does not follow the one before begins an instruction, and so does the first after the end of what
 * was scanned. From there the gate scans ahead, and later fetches cost a comparison.
 */
final class CodeGate {
  /** Bytes translated in all after which nothing more passes: a third of Unicorn's buffer. */
  static final long MOST_TRANSLATED = 16 << 20;

  private static final int MOST_INSTRUCTIONS = 64;

  /** Where code is read from. */
  @FunctionalInterface
  interface CodeReader {
    /** Returns the bytes of executable memory at {@code address}, at most {@code length}. */
    byte[] read(long address, int length);
  }

  private final CodeReader reader;
  private long from;
  private long passed;
  private long follows;
  private boolean bad;
  private boolean refused;
  private @Nullable String refusal;
  private long translated;

  CodeGate(CodeReader reader) {
    this.reader = reader;
  }

  /** Forgets everything: a run begins. */
  void reset() {
    from = 0;
    passed = 0;
    refused = false;
  }

  /** Returns true if the translator may have {@code size} bytes at {@code address}. */
  boolean admits(long address, int size) {
    boolean inside = address - from >= 0 && address - passed < 0 && passed != from;
    if (!inside || address != follows) {
      scan(address);
    }
    follows = address + size;
    translated += size;
    if (translated > MOST_TRANSLATED) {
      return false;
    }
    if (address - passed < 0) {
      return true;
    }
    refused = bad;
    return false;
  }

  /** Returns true if code was refused. */
  boolean refused() {
    return refused;
  }

  /** Returns true if this engine must translate no more. */
  boolean exhausted() {
    return translated > MOST_TRANSLATED;
  }

  /** Returns the guest address of the instruction that was refused. */
  long refusedAt() {
    return passed;
  }

  /** Returns the mnemonic of what was refused, or null if the CPU has no such instruction. */
  @Nullable String refusal() {
    return refusal;
  }

  /** Returns how many bytes of code were translated so far, again and again included. */
  long translated() {
    return translated;
  }

  /** Passes what is good from {@code address} on: [{@code from}, {@code passed}). */
  private void scan(long address) {
    from = address;
    passed = address;
    bad = false;
    for (int i = 0; i < MOST_INSTRUCTIONS; i++) {
      byte[] code = reader.read(passed, InstructionScan.LONGEST);
      if (code.length == 0) {
        return;
      }
      InstructionScan scan = new InstructionScan(code);
      switch (scan.kind()) {
        case ORDINARY -> passed += scan.length();
        case LAST -> {
          passed += scan.length();
          return;
        }
        case INVALID, FORBIDDEN -> {
          bad = true;
          refusal = scan.name();
          return;
        }
      }
    }
  }
}
