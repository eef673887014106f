package io.linkout.modinfo;

/** Names of modules: {@code -} and {@code _} are the same. */
public final class ModuleName {
  /**
   * Longest name in bytes: MODULE_NAME_LEN of {@code include/linux/module.h} (6.1), less the NUL.
   */
  public static final int MAX_LENGTH = 55;

  private static final String[] SUFFIXES = {".ko", ".ko.xz", ".ko.zst", ".ko.gz"};

  private ModuleName() {}

  /** Returns {@code name} as the kernel has it: with underscores. */
  public static String normalise(String name) {
    return name.replace('-', '_');
  }

  /** Returns the name a module has by its file: the last part of {@code path} without suffix. */
  public static String ofPath(String path) {
    String base = path.substring(path.lastIndexOf('/') + 1);
    for (String suffix : SUFFIXES) {
      if (base.endsWith(suffix)) {
        return normalise(base.substring(0, base.length() - suffix.length()));
      }
    }
    return normalise(base);
  }
}
