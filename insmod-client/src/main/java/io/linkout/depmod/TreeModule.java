package io.linkout.depmod;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A module of the tree: its file's place, and what was read of it. */
final class TreeModule {
  private static final int[] NONE = {};

  private final Path file;
  private final String path;
  private final @Nullable String relative;
  private final String name;

  /** Where it stands in the lists; negative if {@code modules.order} names it. */
  int order = 1;

  /** Its number among all modules, once they are sorted. */
  int index;

  /** How many modules need it. */
  int users;

  /** Position in the topological order: whoever needs a module comes before it. */
  int depth;

  /** Numbers of the modules it needs itself, in the order it names their symbols. */
  int[] needs = NONE;

  @Nullable ModuleFacts facts;

  /**
   * A module.
   *
   * @param path absolute path of its file
   * @param tree absolute path of the tree
   */
  TreeModule(Path file, String path, String tree) {
    this.file = file;
    this.path = path;
    this.name = nameOf(path);
    this.relative =
        path.startsWith(tree) && path.length() > tree.length() && path.charAt(tree.length()) == '/'
            ? path.substring(tree.length() + 1)
            : null;
  }

  /**
   * Returns the module's name by its file: up to the first dot, underscores for dashes (libkmod:
   * path_to_modname).
   */
  static String nameOf(String path) {
    int start = path.lastIndexOf('/') + 1;
    int dot = path.indexOf('.', start);
    return path.substring(start, dot < 0 ? path.length() : dot).replace('-', '_');
  }

  Path file() {
    return file;
  }

  String path() {
    return path;
  }

  String name() {
    return name;
  }

  /** Returns the path as the lists have it: relative to the tree if it lies there. */
  String listed() {
    return relative == null ? path : relative;
  }

  /** Returns the path as {@code modules.order} has it: without the suffix of a compressed file. */
  @Nullable String ordered() {
    if (relative == null) {
      return null;
    }
    int suffix = relative.lastIndexOf(".ko");
    return suffix < 0 ? relative : relative.substring(0, suffix + 3);
  }

  /** Returns the directory and name that an {@code override} names: no suffix at all. */
  String stem() {
    int slash = path.lastIndexOf('/');
    int dot = path.indexOf('.', slash + 1);
    return dot < 0 ? path : path.substring(0, dot);
  }
}
