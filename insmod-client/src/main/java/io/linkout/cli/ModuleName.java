package io.linkout.cli;

/** Module names as kmod compares them. */
final class ModuleName {
  private ModuleName() {}

  /** Returns {@code name} with {@code _} for every {@code -}. */
  static String normal(String name) {
    return name.replace('-', '_');
  }

  /** Returns the name of the module in file {@code path}: up to the first dot of its last part. */
  static String ofPath(String path) {
    String file = path.substring(path.lastIndexOf('/') + 1);
    int dot = file.indexOf('.');
    return normal(dot < 0 ? file : file.substring(0, dot));
  }
}
