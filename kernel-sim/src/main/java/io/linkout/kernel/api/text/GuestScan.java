package io.linkout.kernel.api.text;

import io.linkout.kernel.cpu.GuestMemory;

/**
 * One run of vsscanf over guest memory. It is simpler than C's where Linux is: %[ needs a width,
 * knows no ranges and cannot be skipped; numbers that overflow are cut.
 */
final class GuestScan {
  private static final int SHRT_MAX = Short.MAX_VALUE;

  private final GuestMemory memory;
  private final long start;
  private final String format;
  private final FormatArguments arguments;
  private long input;
  private int position;
  private int converted;

  /**
   * @param input guest address
   * @param format guest address
   * @param arguments guest addresses of the results
   */
  GuestScan(GuestMemory memory, long input, long format, FormatArguments arguments) {
    this.memory = memory;
    this.start = input;
    this.input = input;
    this.format = GuestFormat.text(memory, format);
    this.arguments = arguments;
  }

  /** Returns how many conversions were stored. */
  long run() {
    boolean going = true;
    while (going && position < format.length()) {
      if (CType.isSpace(peek())) {
        while (CType.isSpace(peek())) {
          position++;
        }
        skipSpaces();
      }
      if (peek() == 0) {
        break;
      }
      going = peek() == '%' ? conversion() : literal();
    }
    return converted;
  }

  private boolean literal() {
    boolean same = memory.readByte(input) == peek();
    position++;
    input++;
    return same;
  }

  private boolean conversion() {
    position++;
    if (peek() == '*') {
      return skipped();
    }
    int width = -1;
    if (CType.isDigit(peek())) {
      width = (short) number();
      if (width <= 0) {
        return false;
      }
    }
    int bits = qualifier();
    char kind = peek();
    if (kind == 'n') {
      position++;
      memory.writeInt(arguments.next(), (int) (input - start));
      return true;
    }
    if (kind == 0 || memory.readByte(input) == 0) {
      return false;
    }
    position++;
    return switch (kind) {
      case 'c' -> characters(width == -1 ? 1 : width);
      case 's' -> word(width == -1 ? SHRT_MAX : width);
      case '[' -> set(width);
      case 'o' -> integer(8, false, width, bits);
      case 'x', 'X' -> integer(16, false, width, bits);
      case 'i' -> integer(0, true, width, bits);
      case 'd' -> integer(10, true, width, bits);
      case 'u' -> integer(10, false, width, bits);
      case '%' -> memory.readByte(input++) == '%';
      default -> false;
    };
  }

  /** %*: what is skipped goes to the next white space, whatever the conversion. */
  private boolean skipped() {
    if (memory.readByte(input) == 0) {
      return false;
    }
    while (peek() != 0 && peek() != '%' && !CType.isSpace(peek())) {
      if (peek() == '[') {
        return false;
      }
      position++;
    }
    for (int b = memory.readByte(input); b != 0 && !CType.isSpace(b); b = memory.readByte(input)) {
      input++;
    }
    return true;
  }

  private boolean characters(int count) {
    long to = arguments.next();
    int left = count;
    do {
      memory.writeByte(to++, memory.readByte(input++));
      left--;
    } while (left > 0 && memory.readByte(input) != 0);
    converted++;
    return true;
  }

  private boolean word(int limit) {
    long to = arguments.next();
    skipSpaces();
    int left = limit;
    for (int b = memory.readByte(input);
        b != 0 && !CType.isSpace(b) && left > 0;
        b = memory.readByte(input)) {
      memory.writeByte(to++, b);
      input++;
      left--;
    }
    memory.writeByte(to, 0);
    converted++;
    return true;
  }

  private boolean set(int width) {
    long to = arguments.next();
    boolean negated = peek() == '^';
    if (negated) {
      position++;
    }
    int end = format.indexOf(']', position);
    if (width == -1 || end <= position) {
      return false;
    }
    boolean[] in = new boolean[256];
    for (; position < end; position++) {
      in[format.charAt(position)] = true;
    }
    position++;
    int left = width;
    long first = input;
    for (int b = memory.readByte(input);
        b != 0 && in[b] != negated && left > 0;
        b = memory.readByte(input)) {
      memory.writeByte(to++, b);
      input++;
      left--;
    }
    if (input == first) {
      return false;
    }
    memory.writeByte(to, 0);
    converted++;
    return true;
  }

  private boolean integer(int base, boolean signed, int width, int bits) {
    skipSpaces();
    int digit = memory.readByte(input);
    if (signed && digit == '-') {
      if (width == 1) {
        return false;
      }
      digit = memory.readByte(input + 1);
    }
    boolean wanted =
        switch (base) {
          case 16 -> CType.isHexDigit(digit);
          case 8 -> digit >= '0' && digit <= '7';
          default -> CType.isDigit(digit);
        };
    if (!wanted) {
      return false;
    }
    IntegerText text = new IntegerText(memory);
    int limit = width >= 0 ? width : Integer.MAX_VALUE;
    IntegerText.Parsed parsed =
        signed ? text.simpleSigned(input, base, limit) : text.simple(input, base, limit);
    store(parsed.value(), bits);
    input = parsed.end();
    converted++;
    return true;
  }

  private void store(long value, int bits) {
    long to = arguments.next();
    switch (bits) {
      case 8 -> memory.writeByte(to, (int) value);
      case 16 -> memory.writeShort(to, (int) value);
      case 32 -> memory.writeInt(to, (int) value);
      default -> memory.writeLong(to, value);
    }
  }

  private void skipSpaces() {
    while (CType.isSpace(memory.readByte(input))) {
      input++;
    }
  }

  private int qualifier() {
    char c = peek();
    if (c != 'h' && c != 'l' && c != 'L' && c != 'z') {
      return 32;
    }
    position++;
    if (peek() == c && (c == 'h' || c == 'l')) {
      position++;
      return c == 'h' ? 8 : 64;
    }
    return c == 'h' ? 16 : 64;
  }

  private int number() {
    int number = 0;
    while (CType.isDigit(peek())) {
      number = number * 10 + (format.charAt(position++) - '0');
    }
    return number;
  }

  private char peek() {
    return position < format.length() ? format.charAt(position) : 0;
  }
}
