package io.linkout.depmod;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Symbols of one module: names as bytes of one array, since a tree has 200,000 of them and a string
 * each would be most of the work.
 */
final class NameList {
  private byte[] text = new byte[256];
  private int[] ends = new int[16];
  private int[] hashes = new int[16];
  private long[] crcs = new long[16];
  private boolean[] weak = new boolean[16];
  private int size;

  /** Returns a hash of {@code length} bytes. */
  static int hash(byte[] bytes, int from, int length) {
    int hash = length;
    for (int i = from; i < from + length; i++) {
      hash = hash * 31 + bytes[i];
    }
    return hash ^ hash >>> 15;
  }

  int size() {
    return size;
  }

  /** Adds a name of {@code length} bytes; {@code crc} 0 if it has none. */
  void add(byte[] bytes, int from, int length, long crc, boolean isWeak) {
    if (size == hashes.length) {
      ends = Arrays.copyOf(ends, size * 2);
      hashes = Arrays.copyOf(hashes, size * 2);
      crcs = Arrays.copyOf(crcs, size * 2);
      weak = Arrays.copyOf(weak, size * 2);
    }
    int start = start(size);
    if (start + length > text.length) {
      text = Arrays.copyOf(text, Math.max(text.length * 2, start + length));
    }
    System.arraycopy(bytes, from, text, start, length);
    ends[size] = start + length;
    hashes[size] = hash(bytes, from, length);
    crcs[size] = crc;
    weak[size] = isWeak;
    size++;
  }

  byte[] text() {
    return text;
  }

  int start(int index) {
    return index == 0 ? 0 : ends[index - 1];
  }

  int length(int index) {
    return ends[index] - start(index);
  }

  int hash(int index) {
    return hashes[index];
  }

  long crc(int index) {
    return crcs[index];
  }

  void setCrc(int index, long crc) {
    crcs[index] = crc;
  }

  boolean weak(int index) {
    return weak[index];
  }

  /** Returns true if name {@code index} is the {@code length} bytes at {@code from}. */
  boolean is(int index, byte[] bytes, int from, int length) {
    int start = start(index);
    return Arrays.equals(text, start, ends[index], bytes, from, from + length);
  }

  /** Returns name {@code index}, one char a byte. */
  String name(int index) {
    return new String(text, start(index), length(index), StandardCharsets.ISO_8859_1);
  }
}
