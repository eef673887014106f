package io.linkout.depmod;

/** Numbers in byte arrays, the lowest byte first. */
final class LittleEndian {
  private LittleEndian() {}

  static int u16(byte[] bytes, int at) {
    return (bytes[at] & 0xff) | (bytes[at + 1] & 0xff) << 8;
  }

  static int i32(byte[] bytes, int at) {
    return u16(bytes, at) | u16(bytes, at + 2) << 16;
  }

  static long u64(byte[] bytes, int at) {
    return (i32(bytes, at) & 0xffffffffL) | (long) i32(bytes, at + 4) << 32;
  }
}
