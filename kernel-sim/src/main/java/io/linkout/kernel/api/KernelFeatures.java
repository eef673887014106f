package io.linkout.kernel.api;

import java.util.Arrays;

/** The x86_capability words that the kernel tells of. */
final class KernelFeatures {
  /**
   * X86_FEATURE_XENPV: guest code runs in ring 3, so that cli, sti and popf are not for it; with
   * this feature code keeps to pv_ops where it has the choice.
   */
  private static final int XENPV = 8 * 32 + 16;

  private KernelFeatures() {}

  /** Returns what the CPU has, and that interrupts are switched through pv_ops. */
  static int[] of(int[] cpu) {
    int[] words = Arrays.copyOf(cpu, Math.max(cpu.length, XENPV / 32 + 1));
    words[XENPV / 32] |= 1 << XENPV % 32;
    return words;
  }
}
