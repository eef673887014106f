package io.linkout.kernel.api.text;

import io.linkout.kernel.cpu.GuestMemory;
import io.linkout.kernel.cpu.TrapFrame;

/** The variable arguments of a format, in order; each is fetched once. */
@FunctionalInterface
public interface FormatArguments {
  /** Returns the next argument's eight bytes; a narrower one is in the low bits. */
  long next();

  /** Returns the arguments of a variadic call after its {@code fixed} named ones. */
  static FormatArguments ofCall(TrapFrame frame, int fixed) {
    return new FormatArguments() {
      private int index = fixed;

      @Override
      public long next() {
        return frame.argument(index++);
      }
    };
  }

  /**
   * Returns the arguments that the guest's va_list at {@code address} still has. The list itself is
   * left as it is: after the call its value is indeterminate anyway (C11 7.16).
   */
  static FormatArguments ofVaList(GuestMemory memory, long address) {
    return new VaList(memory, address);
  }
}
