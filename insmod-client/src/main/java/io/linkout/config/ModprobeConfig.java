package io.linkout.config;

import java.util.ArrayList;
import java.util.List;

/**
 * What modprobe.d, {@code modules.softdep}, {@code modules.weakdep} and the kernel's command line
 * say, in the order they were read. Where the first match counts, that is the first in the list.
 * Names are with underscores.
 */
public final class ModprobeConfig {
  /** {@code alias PATTERN MODULE}. */
  public record Alias(String pattern, String module) {}

  /** {@code options MODULE TEXT}; MODULE may be an alias. */
  public record Options(String module, String text) {}

  /** {@code install PATTERN COMMAND} or {@code remove PATTERN COMMAND}. */
  public record ShellCommand(String pattern, String command) {}

  /** {@code softdep PATTERN pre: BEFORE... post: AFTER...}. */
  public record SoftDependency(String pattern, List<String> before, List<String> after) {}

  /** {@code weakdep PATTERN NAMES...}: never loaded for its sake, only told to who asks. */
  public record WeakDependency(String pattern, List<String> names) {}

  private final List<String> blacklist = new ArrayList<>();
  private final List<ShellCommand> installs = new ArrayList<>();
  private final List<ShellCommand> removes = new ArrayList<>();
  private final List<Alias> aliases = new ArrayList<>();
  private final List<Options> options = new ArrayList<>();
  private final List<SoftDependency> softDependencies = new ArrayList<>();
  private final List<WeakDependency> weakDependencies = new ArrayList<>();
  private final List<String> complaints = new ArrayList<>();

  /** Nothing configured. */
  public ModprobeConfig() {}

  /** Returns the modules not to load by an alias. */
  public List<String> blacklist() {
    return blacklist;
  }

  /** Returns what to run in place of loading. */
  public List<ShellCommand> installs() {
    return installs;
  }

  /** Returns what to run in place of removing. */
  public List<ShellCommand> removes() {
    return removes;
  }

  /** Returns the aliases. */
  public List<Alias> aliases() {
    return aliases;
  }

  /** Returns the options of modules. */
  public List<Options> options() {
    return options;
  }

  /** Returns what is to be loaded before or after others, without being needed by them. */
  public List<SoftDependency> softDependencies() {
    return softDependencies;
  }

  /** Returns what others may ask for by themselves. */
  public List<WeakDependency> weakDependencies() {
    return weakDependencies;
  }

  /** Returns what is wrong in the files, a line each. */
  public List<String> complaints() {
    return complaints;
  }
}
