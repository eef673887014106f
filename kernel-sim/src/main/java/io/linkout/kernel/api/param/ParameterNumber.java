package io.linkout.kernel.api.param;

import java.math.BigInteger;
import java.util.OptionalLong;

/** A number as kstrtoull and kstrtoll read it: base by prefix, one trailing newline allowed. */
final class ParameterNumber {
  /** EINVAL, negative. */
  static final long EINVAL = -22;

  /** ERANGE, negative. */
  static final long ERANGE = -34;

  private ParameterNumber() {}

  /** What {@code text} means, or why it means nothing. */
  record Parsed(OptionalLong value, long error) {
    static Parsed of(long value) {
      return new Parsed(OptionalLong.of(value), 0);
    }

    static Parsed failed(long error) {
      return new Parsed(OptionalLong.empty(), error);
    }
  }

  /**
   * Reads {@code text}.
   *
   * @param base 0 to go by the prefix, or 16
   * @param bits of the type
   */
  static Parsed parse(String text, int base, int bits, boolean signed) {
    String s = text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
    boolean negative = signed && s.startsWith("-");
    if (negative || s.startsWith("+")) {
      s = s.substring(1);
    }
    int radix = base;
    boolean hex = s.startsWith("0x") || s.startsWith("0X");
    if (base == 0) {
      radix = hex ? 16 : s.startsWith("0") && s.length() > 1 ? 8 : 10;
    }
    String digits = hex && radix == 16 ? s.substring(2) : s;
    if (digits.isEmpty() || digits.chars().anyMatch(c -> c == '-' || c == '+' || c > 127)) {
      return Parsed.failed(EINVAL);
    }
    BigInteger value;
    try {
      value = new BigInteger(digits, radix);
    } catch (NumberFormatException e) {
      return Parsed.failed(EINVAL);
    }
    value = negative ? value.negate() : value;
    BigInteger low = signed ? BigInteger.ONE.shiftLeft(bits - 1).negate() : BigInteger.ZERO;
    BigInteger high = BigInteger.ONE.shiftLeft(signed ? bits - 1 : bits);
    boolean fits = value.compareTo(low) >= 0 && value.compareTo(high) < 0;
    return fits ? Parsed.of(value.longValue()) : Parsed.failed(ERANGE);
  }
}
