package io.linkout.depmod;

import java.io.File;
import java.nio.file.Path;

/** Whether a tree's lists are newer than its modules, for {@code -A}. */
public final class UpToDate {
  private UpToDate() {}

  /** Returns true if no module of {@code tree} is newer than its {@code modules.dep}; seconds. */
  public static boolean check(Path tree, Report report) {
    File directory = tree.toFile();
    if (!directory.isDirectory()) {
      report.error("could not open directory " + tree + ": No such file or directory");
      return false;
    }
    File list = new File(directory, "modules.dep");
    if (!list.exists()) {
      report.error("could not fstatat(" + tree + ", modules.dep): No such file or directory");
      return false;
    }
    return !newer(directory, list.lastModified() / 1000);
  }

  private static boolean newer(File directory, long seconds) {
    String[] names = directory.list();
    if (names == null) {
      return false;
    }
    for (String name : names) {
      if (name.equals("build") || name.equals("source")) {
        continue;
      }
      File file = new File(directory, name);
      if (file.isDirectory()) {
        if (newer(file, seconds)) {
          return true;
        }
      } else if (TreeSearch.isModule(name) && file.lastModified() / 1000 > seconds) {
        return true;
      }
    }
    return false;
  }
}
