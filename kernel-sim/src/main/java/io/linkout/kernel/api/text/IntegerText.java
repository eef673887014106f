package io.linkout.kernel.api.text;

import io.linkout.kernel.cpu.GuestMemory;

/** Integers read from text as lib/kstrtox.c and simple_strtoull of lib/vsprintf.c do. */
final class IntegerText {
  private final GuestText text;

  IntegerText(GuestMemory memory) {
    this.text = new GuestText(memory);
  }

  /** The byte at guest address {@code address}, unsigned. */
  int at(long address) {
    return text.at(address);
  }

  /**
   * A number read.
   *
   * @param value modulo 2^64
   * @param digits how many
   * @param end guest address after the last
   * @param overflow it does not fit 64 bits
   */
  record Parsed(long value, int digits, long end, boolean overflow) {}

  /** Returns the base meant by {@code base} for the text at {@code address}: 0 is found out. */
  int radix(long address, int base) {
    if (base != 0) {
      return base;
    }
    if (at(address) != '0') {
      return 10;
    }
    return hexPrefix(address) && CType.isHexDigit(at(address + 2)) ? 16 : 8;
  }

  /** Returns the address of the first digit: after a 0x that {@code radix} allows. */
  long digits(long address, int radix) {
    return radix == 16 && hexPrefix(address) ? address + 2 : address;
  }

  /** Reads at most {@code limit} digits; stops at the first byte that is none in {@code radix}. */
  Parsed parse(long address, int radix, long limit) {
    long value = 0;
    boolean overflow = false;
    int count = 0;
    while (count < limit) {
      int digit = CType.hexValue(at(address + count));
      if (digit < 0 || Integer.compareUnsigned(digit, radix) >= 0) {
        break;
      }
      overflow |= Long.compareUnsigned(value, Long.divideUnsigned(-1L - digit, radix)) > 0;
      value = value * radix + digit;
      count++;
    }
    return new Parsed(value, count, address + count, overflow);
  }

  /**
   * simple_strntoull: any prefix of the text that is a number, overflow ignored, within {@code
   * limit} bytes.
   */
  Parsed simple(long address, int base, long limit) {
    int radix = radix(address, base);
    long start = digits(address, radix);
    long left = limit - (start - address);
    if (left <= 0) {
      return new Parsed(0, 0, address + limit, false);
    }
    return parse(start, radix, left);
  }

  /** simple_strntoll: as {@link #simple}, after an optional minus sign. */
  Parsed simpleSigned(long address, int base, long limit) {
    if (limit <= 0 || at(address) != '-') {
      return simple(address, base, limit);
    }
    Parsed parsed = simple(address + 1, base, limit - 1);
    return new Parsed(-parsed.value(), parsed.digits(), parsed.end(), parsed.overflow());
  }

  private boolean hexPrefix(long address) {
    return at(address) == '0' && (at(address + 1) | 0x20) == 'x';
  }
}
