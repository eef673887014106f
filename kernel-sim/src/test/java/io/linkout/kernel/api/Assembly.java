package io.linkout.kernel.api;

import java.io.ByteArrayOutputStream;

/** A few x86-64 instructions, one after the other: enough for modules in tests. */
public final class Assembly {
  private static final int[] ARGUMENT_MOV = {0x48bf, 0x48be, 0x48ba, 0x48b9, 0x49b8, 0x49b9};

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  /** Appends bytes. */
  public Assembly bytes(int... code) {
    for (int b : code) {
      bytes.write(b);
    }
    return this;
  }

  /** Loads argument {@code index} of the next call, at most the sixth. */
  public Assembly argument(int index, long value) {
    return bytes(ARGUMENT_MOV[index] >> 8, ARGUMENT_MOV[index] & 0xff).quad(value);
  }

  /** Loads argument {@code index} from rbx. */
  public Assembly argumentFromRbx(int index) {
    int[][] code = {{0x48, 0x89, 0xdf}, {0x48, 0x89, 0xde}, {0x48, 0x89, 0xda}};
    return bytes(code[index]);
  }

  /** Loads argument {@code index} from the quadword at {@code address}. */
  public Assembly argumentFrom(int index, long address) {
    int[][] code = {{0x48, 0x8b, 0x38}, {0x48, 0x8b, 0x30}, {0x48, 0x8b, 0x10}};
    return rax(address).bytes(code[index]);
  }

  /** mov rax, value. */
  public Assembly rax(long value) {
    return bytes(0x48, 0xb8).quad(value);
  }

  /** Calls {@code function} with al 0. */
  public Assembly call(long function) {
    return bytes(0x49, 0xbb).quad(function).bytes(0x31, 0xc0, 0x41, 0xff, 0xd3);
  }

  /** mov rbx, rax. */
  public Assembly keep() {
    return bytes(0x48, 0x89, 0xc3);
  }

  /** Stores rax in the quadword at {@code address}. */
  public Assembly store(long address) {
    return bytes(0x49, 0xba).quad(address).bytes(0x49, 0x89, 0x02);
  }

  /** Pushes rbx: a function's beginning, which also aligns the stack. */
  public Assembly enter() {
    return bytes(0x53);
  }

  /** Returns rax. */
  public Assembly leave() {
    return bytes(0x5b, 0xc3);
  }

  /** Returns {@code value}. */
  public Assembly leave(int value) {
    return rax(value).leave();
  }

  private Assembly quad(long value) {
    for (int i = 0; i < 8; i++) {
      bytes.write((int) (value >>> (8 * i)));
    }
    return this;
  }

  /** Returns the bytes so far. */
  public byte[] code() {
    return bytes.toByteArray();
  }

  /** Returns how many bytes there are so far. */
  public int size() {
    return bytes.size();
  }
}
