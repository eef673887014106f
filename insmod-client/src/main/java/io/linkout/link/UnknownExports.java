package io.linkout.link;

import java.util.ArrayList;
import java.util.List;

/**
 * Loaded modules that export something, and nobody can tell what: the kernel keeps no symbols, and
 * their files are not found.
 *
 * @param advice what to do about it
 */
public record UnknownExports(List<Module> modules, String advice) {
  /** There are no such modules. */
  public static final UnknownExports NONE = new UnknownExports(List.of(), "");

  /**
   * One of them.
   *
   * @param reason one line: which file is wanted, and what is there in its place
   */
  public record Module(String name, String reason) {}

  /** Returns true if what every module exports is known. */
  public boolean isEmpty() {
    return modules.isEmpty();
  }

  /** Returns the modules as words: {@code module a}, {@code modules a, b}. */
  public String names() {
    StringBuilder names = new StringBuilder(modules.size() == 1 ? "module " : "modules ");
    String separator = "";
    for (Module module : modules) {
      names.append(separator).append(module.name);
      separator = ", ";
    }
    return names.toString();
  }

  /** Returns a line for each module, and the advice; nothing if there are none. */
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    for (Module module : modules) {
      lines.add(module.reason);
    }
    if (!lines.isEmpty()) {
      lines.add(advice);
    }
    return lines;
  }

  /** Returns what to say of a module whose exports cannot be compared with theirs. */
  public String notCompared(String module) {
    return module
        + ": cannot tell whether it exports a symbol that "
        + names()
        + " exports too, as the file is missing";
  }

  /** Returns these but for the one called {@code name}. */
  public UnknownExports without(String name) {
    List<Module> others = new ArrayList<>();
    for (Module module : modules) {
      if (!module.name.equals(name)) {
        others.add(module);
      }
    }
    return new UnknownExports(others, advice);
  }
}
