package io.linkout.kernel.api.text;

import java.util.function.Consumer;

/**
 * Reads a format one conversion at a time (format_decode of lib/vsprintf.c). Widths and precisions
 * given as {@code *} are fetched from the arguments on the way.
 */
final class FormatParser {
  /** Widths are kept in 24 bits. */
  private static final int WIDTH_MAX = (1 << 23) - 1;

  /** Precisions are kept in 16 bits. */
  private static final int PRECISION_MAX = (1 << 15) - 1;

  private final String format;
  private final FormatArguments arguments;
  private final Consumer<String> warnOnce;
  private int position;

  /**
   * @param format each char one byte
   * @param warnOnce takes a warning that Linux gives once a boot
   */
  FormatParser(String format, FormatArguments arguments, Consumer<String> warnOnce) {
    this.format = format;
    this.arguments = arguments;
    this.warnOnce = warnOnce;
  }

  /** What a format consists of. */
  sealed interface Part {
    /** Text to be copied. */
    record Literal(String text) implements Part {}

    /** %d and the like; {@code bits} of the argument count. */
    record Integral(FormatSpec spec, int bits) implements Part {}

    /** %c. */
    record Single(FormatSpec spec) implements Part {}

    /** %s. */
    record Text(FormatSpec spec) implements Part {}

    /** %p; {@code extension} is the format from after the p, to its end. */
    record Pointer(FormatSpec spec, String extension) implements Part {}

    /** %%. */
    record Percent() implements Part {}

    /** Something Linux does not know: output ends here. */
    record Invalid(char conversion) implements Part {}
  }

  /** Returns true if nothing is left. */
  boolean atEnd() {
    return position >= format.length();
  }

  /** Returns the next part. */
  Part next() {
    int percent = format.indexOf('%', position);
    if (percent != position) {
      String text = format.substring(position, percent < 0 ? format.length() : percent);
      position += text.length();
      return new Part.Literal(text);
    }
    FormatSpec field = width(flags());
    return conversion(field.withPrecision(precision()), qualifier());
  }

  private Part conversion(FormatSpec spec, int bits) {
    char c = peek();
    position++;
    return switch (c) {
      case 'c' -> new Part.Single(spec);
      case 's' -> new Part.Text(spec);
      case 'p' -> pointer(spec);
      case '%' -> new Part.Percent();
      case 'o' -> new Part.Integral(spec.withBase(8), bits);
      case 'x' -> new Part.Integral(spec.withBase(16).withFlags(FormatSpec.SMALL), bits);
      case 'X' -> new Part.Integral(spec.withBase(16), bits);
      case 'd', 'i' -> new Part.Integral(spec.withFlags(FormatSpec.SIGN), bits);
      case 'u' -> new Part.Integral(spec, bits);
      default -> new Part.Invalid(c);
    };
  }

  private Part pointer(FormatSpec spec) {
    String extension = format.substring(position);
    while (CType.isAlphanumeric(peek())) {
      position++;
    }
    return new Part.Pointer(spec, extension);
  }

  private int flags() {
    int flags = 0;
    while (true) {
      position++;
      switch (peek()) {
        case '-' -> flags |= FormatSpec.LEFT;
        case '+' -> flags |= FormatSpec.PLUS;
        case ' ' -> flags |= FormatSpec.SPACE;
        case '#' -> flags |= FormatSpec.SPECIAL;
        case '0' -> flags |= FormatSpec.ZERO_PAD;
        default -> {
          return flags;
        }
      }
    }
  }

  private FormatSpec width(int flags) {
    FormatSpec spec = new FormatSpec(flags, -1, -1, 10);
    if (CType.isDigit(peek())) {
      return spec.withWidth((number() << 8) >> 8);
    }
    if (peek() != '*') {
      return spec;
    }
    position++;
    int width = (int) arguments.next();
    if (width < -WIDTH_MAX - 1 || width > WIDTH_MAX) {
      warnOnce.accept("field width " + width + " too large");
      width = Math.clamp(width, -WIDTH_MAX, WIDTH_MAX);
    }
    return width < 0 ? spec.withWidth(-width).withFlags(FormatSpec.LEFT) : spec.withWidth(width);
  }

  private int precision() {
    if (peek() != '.') {
      return -1;
    }
    position++;
    if (CType.isDigit(peek())) {
      return Math.max(0, (short) number());
    }
    if (peek() != '*') {
      return -1;
    }
    position++;
    int precision = (int) arguments.next();
    if (precision < -PRECISION_MAX - 1 || precision > PRECISION_MAX) {
      warnOnce.accept("precision " + precision + " too large");
    }
    return Math.clamp(precision, 0, PRECISION_MAX);
  }

  /** Returns how many bits of an integer argument count. */
  private int qualifier() {
    char c = peek();
    if (c != 'h' && c != 'l' && c != 'L' && c != 'z' && c != 't') {
      return 32;
    }
    position++;
    if ((c == 'l' || c == 'h') && peek() == c) {
      position++;
      return c == 'l' ? 64 : 8;
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
