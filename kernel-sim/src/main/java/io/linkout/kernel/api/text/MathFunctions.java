package io.linkout.kernel.api.text;

import io.linkout.kernel.api.FunctionTable;
import io.linkout.kernel.api.FunctionTable.Licence;
import io.linkout.kernel.cpu.TrapFrame;

/** Integer arithmetic (lib/math, release 6.1). */
public final class MathFunctions {
  private MathFunctions() {}

  /** Declares them. */
  public static void declare(FunctionTable table) {
    table.real("gcd", Licence.GPL, c -> gcd(c.argument(0), c.argument(1)));
    table.real("lcm", Licence.GPL, c -> lcm(c.argument(0), c.argument(1)));
    table.real("lcm_not_zero", Licence.GPL, MathFunctions::lcmNotZero);
    table.real("int_pow", Licence.GPL, MathFunctions::power);
    table.real("int_sqrt", c -> squareRoot(c.argument(0)));
    table.real("iter_div_u64_rem", MathFunctions::divide);
    table.real("reciprocal_value", MathFunctions::reciprocal);
  }

  /** Returns the greatest common divisor of two unsigned numbers; gcd(0, b) is b. */
  static long gcd(long a, long b) {
    long x = a;
    long y = b;
    while (y != 0) {
      long rest = Long.remainderUnsigned(x, y);
      x = y;
      y = rest;
    }
    return x;
  }

  private static long lcm(long a, long b) {
    return a == 0 || b == 0 ? 0 : Long.divideUnsigned(a, gcd(a, b)) * b;
  }

  /** The other number if one is 0. */
  private static long lcmNotZero(TrapFrame c) {
    long multiple = lcm(c.argument(0), c.argument(1));
    if (multiple != 0) {
      return multiple;
    }
    return c.argument(1) != 0 ? c.argument(1) : c.argument(0);
  }

  /** int_pow(u64 base, unsigned int exponent), modulo 2^64. */
  private static long power(TrapFrame c) {
    long result = 1;
    long base = c.argument(0);
    for (long exponent = low(c, 1); exponent != 0; exponent >>>= 1) {
      result *= (exponent & 1) != 0 ? base : 1;
      base *= base;
    }
    return result;
  }

  /** Returns the square root of an unsigned number, rounded down. */
  static long squareRoot(long number) {
    long root = 0;
    for (int bit = 31; bit >= 0; bit--) {
      long next = root | (1L << bit);
      if (Long.compareUnsigned(next * next, number) <= 0) {
        root = next;
      }
    }
    return root;
  }

  /** iter_div_u64_rem(u64 dividend, u32 divisor, address of the remainder). */
  private static long divide(TrapFrame c) {
    long divisor = low(c, 1);
    if (divisor == 0) {
      throw new io.linkout.kernel.cpu.GuestOops("divide error: iter_div_u64_rem by 0");
    }
    c.memory().writeLong(c.argument(2), Long.remainderUnsigned(c.argument(0), divisor));
    return Long.divideUnsigned(c.argument(0), divisor) & 0xffffffffL;
  }

  /**
   * reciprocal_value(u32 divisor): struct { u32 m; u8 sh1, sh2; } in rax
   * (lib/math/reciprocal_div.c, after Granlund and Montgomery).
   */
  private static long reciprocal(TrapFrame c) {
    long divisor = low(c, 0);
    if (divisor == 0) {
      throw new io.linkout.kernel.cpu.GuestOops("divide error: reciprocal_value of 0");
    }
    int bits = 64 - Long.numberOfLeadingZeros(divisor - 1);
    long multiplier = Long.divideUnsigned((1L << 32) * ((1L << bits) - divisor), divisor) + 1;
    long first = Math.min(bits, 1);
    long second = Math.max(bits - 1, 0);
    return (multiplier & 0xffffffffL) | (first << 32) | (second << 40);
  }

  private static long low(TrapFrame c, int argument) {
    return c.argument(argument) & 0xffffffffL;
  }
}
