package io.linkout.kernel.symbol;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/** A name that is looked for. */
final class Target {
  /** Bytes compared at once; so many zeros follow the name. */
  static final int WIDTH = 8;

  private static final VarHandle EIGHT =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private final byte[] bytes;
  private final int length;

  Target(byte[] name) {
    length = name.length;
    bytes = Arrays.copyOf(name, length + WIDTH);
  }

  /** Returns the bytes of the name. */
  int length() {
    return length;
  }

  /** Returns byte {@code index}, unsigned; 0 is the one after the last. */
  int letter(int index) {
    return bytes[index] & 0xff;
  }

  /** Returns the first eight bytes, as a number that has their order if unsigned. */
  long head() {
    return (long) EIGHT.get(bytes, 0);
  }

  /**
   * Returns how many of {@code count} bytes of text from {@code start} on are the same from byte
   * {@code from} on here, where a zero follows the name.
   */
  int equal(Vocabulary vocabulary, int start, int count, int from) {
    int equal = 0;
    while (true) {
      long differ = vocabulary.eight(start + equal) ^ (long) EIGHT.get(bytes, from + equal);
      int more = Long.numberOfLeadingZeros(differ) >>> 3;
      if (more < WIDTH || equal + WIDTH >= count) {
        return Math.min(count, equal + more);
      }
      equal += WIDTH;
    }
  }

  /** Returns eight bytes of {@code text} from {@code index} on. */
  static long eight(byte[] text, int index) {
    return (long) EIGHT.get(text, index);
  }
}
