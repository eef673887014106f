package io.linkout.modinfo;

/** Whether a licence text lets a module use GPL-only exports. */
public final class Licence {
  private Licence() {}

  /**
   * Returns true for the texts that Linux takes for GPL-compatible ({@code
   * include/linux/license.h}: license_is_gpl_compatible, 6.1); no other spelling counts.
   */
  public static boolean isGplCompatible(String licence) {
    return switch (licence) {
      case "GPL",
          "GPL v2",
          "GPL and additional rights",
          "Dual BSD/GPL",
          "Dual MIT/GPL",
          "Dual MPL/GPL" ->
          true;
      default -> false;
    };
  }
}
