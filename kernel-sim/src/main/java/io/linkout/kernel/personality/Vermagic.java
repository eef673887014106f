package io.linkout.kernel.personality;

/** The version magic of a kernel (include/linux/vermagic.h of 6.1, x86-64). */
final class Vermagic {
  private Vermagic() {}

  /**
   * Returns {@code VERMAGIC_STRING}, its trailing space included.
   *
   * @param randstructSeed hashed seed of a kernel with randomised structures, else empty
   */
  static String of(String release, KernelConfig config, String randstructSeed) {
    StringBuilder magic = new StringBuilder(release).append(' ');
    append(magic, config.has("SMP"), "SMP ");
    if (config.has("PREEMPT_BUILD")) {
      magic.append("preempt ");
    } else {
      append(magic, config.has("PREEMPT_RT"), "preempt_rt ");
    }
    append(magic, config.has("MODULE_UNLOAD"), "mod_unload ");
    append(magic, config.has("MODVERSIONS"), "modversions ");
    append(magic, config.has("RANDSTRUCT"), "RANDSTRUCT_" + randstructSeed);
    return magic.toString();
  }

  private static void append(StringBuilder magic, boolean wanted, String word) {
    if (wanted) {
      magic.append(word);
    }
  }
}
