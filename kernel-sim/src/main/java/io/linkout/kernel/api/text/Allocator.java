package io.linkout.kernel.api.text;

/** The heap as functions that return new strings need it. */
@FunctionalInterface
public interface Allocator {
  /**
   * Allocates {@code size} bytes as kmalloc does.
   *
   * @param gfp the guest's flags
   * @param caller guest address the object is charged to
   * @return a guest address, or 0 if there is no memory
   */
  long allocate(long size, long gfp, long caller);
}
