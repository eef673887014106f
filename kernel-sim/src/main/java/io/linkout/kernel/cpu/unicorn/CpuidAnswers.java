package io.linkout.kernel.cpu.unicorn;

import org.jspecify.annotations.Nullable;

/**
 * What CPUID says in the guest of the features that were probed, so that it and x86_capability
 * never differ. Other leaves are Unicorn's.
 */
final class CpuidAnswers implements Interceptions.CpuidLeaves {
  private static final int EXTENDED = 0x80000001;

  // Family 6 model 6 stepping 3, as QEMU's default CPU.
  private static final int SIGNATURE = 0x663;

  private final int[] features;

  /** Answers from x86_capability words. */
  CpuidAnswers(int[] features) {
    this.features = features;
  }

  @Override
  public int @Nullable [] leaf(int leaf, int subleaf) {
    return switch (leaf) {
      case 1 -> new int[] {SIGNATURE, 0x800, features[4], features[0]};
      case 7 -> new int[] {0, subleaf == 0 ? features[9] : 0, 0, 0};
      case EXTENDED -> new int[] {SIGNATURE, 0, features[6], features[1]};
      default -> null;
    };
  }
}
