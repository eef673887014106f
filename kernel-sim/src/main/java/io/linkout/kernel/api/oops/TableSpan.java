package io.linkout.kernel.api.oops;

/** Where a table of a module lies: guest address and length in bytes. */
public record TableSpan(long address, long length) {
  /** No table. */
  public static final TableSpan EMPTY = new TableSpan(0, 0);

  /** Returns how many entries of {@code size} bytes it has. */
  public int entries(int size) {
    return (int) (length / size);
  }
}
