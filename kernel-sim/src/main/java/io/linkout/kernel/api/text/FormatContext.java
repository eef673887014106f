package io.linkout.kernel.api.text;

import io.linkout.kernel.cpu.GuestMemory;

/** What one conversion needs: where its text goes, what memory its pointers lead to. */
record FormatContext(FormatOutput out, GuestMemory memory, GuestFormat format) {
  /** Pointers below this are null pointers with an offset. */
  private static final long NULL_PAGE = 4096;

  /** The last page of the address space holds error numbers. */
  private static final long MAX_ERRNO = 4095;

  /** Returns true for what ERR_PTR returns. */
  static boolean isError(long pointer) {
    return Long.compareUnsigned(pointer, -MAX_ERRNO) >= 0;
  }

  /**
   * Appends {@code (null)} or {@code (efault)} if {@code pointer} cannot be a pointer to anything
   * (check_pointer of lib/vsprintf.c), and returns whether it did. Any other pointer to nothing is
   * an oops when it is followed, as in Linux.
   */
  boolean refuses(long pointer, FormatSpec spec) {
    if (pointer == 0) {
      FormatText.error(out, "(null)", spec);
    } else if (Long.compareUnsigned(pointer, NULL_PAGE) < 0 || isError(pointer)) {
      FormatText.error(out, "(efault)", spec);
    } else {
      return false;
    }
    return true;
  }

  /** Appends the guest string at {@code pointer}: %s. */
  void guestString(long pointer, FormatSpec spec) {
    if (refuses(pointer, spec)) {
      return;
    }
    long limit = spec.precision() < 0 ? Long.MAX_VALUE : spec.precision();
    boolean left = spec.has(FormatSpec.LEFT);
    if (spec.width() > 0 && !left) {
      out.pad(' ', spec.width() - length(pointer, limit));
    }
    long length = copy(pointer, limit);
    if (left) {
      out.pad(' ', spec.width() - length);
    }
  }

  private long length(long pointer, long limit) {
    long length = 0;
    while (length < limit && memory.readByte(pointer + length) != 0) {
      length++;
    }
    return length;
  }

  private long copy(long pointer, long limit) {
    for (long done = 0; done < limit; done++) {
      int c = memory.readByte(pointer + done);
      if (c == 0) {
        return done;
      }
      out.append(c);
    }
    return limit;
  }
}
