package io.linkout.e2e;

import io.linkout.cli.CommandInProcess;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What a real client does in a kernel while something goes wrong with it.
 *
 * @param name for people
 * @param bystanders modules that are there before and after
 * @param tool the command that is run
 * @param arguments its arguments
 * @param modules it loads or removes these, in the order of loading; none is there before
 * @param exports of those modules
 * @param succeeds whether it succeeds if nothing goes wrong
 * @param removes true if the modules are there before and it removes them
 */
record FaultScenario(
    String name,
    List<Loaded> bystanders,
    String tool,
    List<String> arguments,
    List<Loaded> modules,
    List<String> exports,
    boolean succeeds,
    boolean removes) {

  /** A module's file, named for the module, and the parameters it is loaded with. */
  record Loaded(Path file, List<String> parameters) {
    String name() {
      String file = file().getFileName().toString();
      return file.substring(0, file.length() - ".ko".length());
    }
  }

  /** Returns how many of its modules there are afterwards if nothing goes wrong. */
  int outcome() {
    return succeeds && !removes ? modules.size() : 0;
  }

  /** Starts the command on a kernel's socket, or on what stands in for it. */
  Tool.Running start(Path socket) {
    return Tool.start(socket, tool, arguments.toArray(String[]::new));
  }

  /** Loads all its modules. */
  void load(Path socket) {
    load(socket, modules);
  }

  /** Loads modules with the client's own code, in this process: a few milliseconds. */
  static void load(Path socket, List<Loaded> modules) {
    for (Loaded module : modules) {
      List<String> words = new ArrayList<>(List.of(module.file().toString()));
      words.addAll(module.parameters());
      CommandInProcess.run(socket, "insmod", words).ok();
    }
  }

  @Override
  public String toString() {
    return name;
  }
}
