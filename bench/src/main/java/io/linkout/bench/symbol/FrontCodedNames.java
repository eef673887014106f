package io.linkout.bench.symbol;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/**
 * Front coding in whole bytes: of each name how many bytes it shares with the one before, how many
 * follow, and these. The first of a block shares none. A search halves the blocks, then goes
 * through one, past names without a look at them where the shared length says enough.
 */
final class FrontCodedNames implements SortedTable.Names {
  private static final int MAX_NAME = 255;

  private final int block;
  private final int count;
  private final byte[] text;
  private final int[] blocks;

  private FrontCodedNames(int block, int count, byte[] text, int[] blocks) {
    this.block = block;
    this.count = count;
    this.text = text;
    this.blocks = blocks;
  }

  /**
   * Returns {@code names}, sorted, in blocks of {@code block}.
   *
   * @throws IllegalArgumentException if one is longer than 255 bytes
   */
  static FrontCodedNames of(List<byte[]> names, int block) {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    int[] blocks = new int[(names.size() + block - 1) / block];
    byte[] before = {};
    for (int i = 0; i < names.size(); i++) {
      byte[] name = names.get(i);
      if (name.length > MAX_NAME) {
        throw new IllegalArgumentException("a name of " + name.length + " bytes");
      }
      int shared = 0;
      if (i % block == 0) {
        blocks[i / block] = text.size();
      } else {
        shared = Arrays.mismatch(before, name);
        text.write(shared);
      }
      text.write(name.length - shared);
      text.write(name, shared, name.length - shared);
      before = name;
    }
    return new FrontCodedNames(block, names.size(), text.toByteArray(), blocks);
  }

  @Override
  public int find(byte[] name) {
    int low = 0;
    int high = blocks.length;
    while (high - low > 1) {
      int middle = (low + high) >>> 1;
      int at = blocks[middle];
      int end = at + 1 + (text[at] & 0xff);
      if (Arrays.compareUnsigned(text, at + 1, end, name, 0, name.length) <= 0) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return low < blocks.length ? findIn(low, name) : -1;
  }

  private int findIn(int number, byte[] name) {
    int at = blocks[number];
    int end = Math.min(count, (number + 1) * block);
    int shared = 0;
    int matched = 0;
    for (int i = number * block; i < end; i++) {
      if (i > number * block) {
        shared = text[at++] & 0xff;
      }
      int length = text[at++] & 0xff;
      // The name before is less and shares matched bytes with what is sought.
      if (shared < matched) {
        return -1;
      }
      if (shared == matched) {
        int same = Arrays.mismatch(text, at, at + length, name, matched, name.length);
        if (same < 0) {
          return i;
        }
        matched += same;
        if (same < length
            && (matched == name.length || (text[at + same] & 0xff) > (name[matched] & 0xff))) {
          return -1;
        }
      }
      at += length;
    }
    return -1;
  }

  @Override
  public void each(Consumer<String> to) {
    byte[] name = new byte[MAX_NAME];
    int at = 0;
    for (int i = 0; i < count; i++) {
      int shared = i % block == 0 ? 0 : text[at++] & 0xff;
      int length = text[at++] & 0xff;
      System.arraycopy(text, at, name, shared, length);
      at += length;
      to.accept(new String(name, 0, shared + length, StandardCharsets.ISO_8859_1));
    }
  }
}
