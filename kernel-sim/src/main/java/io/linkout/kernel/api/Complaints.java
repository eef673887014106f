package io.linkout.kernel.api;

import io.linkout.kernel.cpu.TrapFrame;

/** How kernel functions tell of what the guest does wrong and yet survives. */
public interface Complaints {
  /**
   * Logs a WARN: {@code WARNING: CPU: 0 PID: n at place}, {@code text} and the call trace; taints
   * the kernel with W.
   *
   * @param place source file and function as Linux would name them
   * @param text lines before the warning, as {@code WARN(…)} prints, or empty
   */
  void warn(TrapFrame frame, String place, String text);

  /** Logs one line at {@code level}, 0 to 7. */
  void log(int level, String text);

  /** Returns the guest address {@code address} as the kernel names it in traces. */
  String name(long address);

  /** Returns the taint letters as an oops has them, such as {@code Tainted: G O}. */
  String tainted();
}
