package io.linkout.cli;

import io.linkout.config.ConfigFiles;
import io.linkout.config.ModprobeConfig;
import io.linkout.config.ModuleIndexes;
import io.linkout.config.ModuleLookup;
import io.linkout.config.ModuleTree;
import io.linkout.rpc.KernelConnection;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** modprobe: loads and removes modules by name and alias with what they need, in kmod's words. */
final class Modprobe extends Command {
  Modprobe() {
    super(
        new Syntax("modprobe [options] modulename [NAME=VALUE ...]")
            .flag('a', "all", "every operand is a module's name")
            .flag('r', "remove", "remove in place of inserting")
            .flag('\0', "remove-dependencies", "deprecated: --remove-holders")
            .flag('\0', "remove-holders", "with -r: also what holds the module")
            .value('w', "wait", "MSEC", "with -r: wait so long until it is unused")
            .flag('\0', "first-time", "fail if it is inserted or removed already")
            .flag('i', "ignore-install", "ignore install and remove commands and softdeps")
            .flag('\0', "ignore-remove", "the same")
            .flag('b', "use-blacklist", "the blacklist also counts for names")
            .flag('f', "force", "force insertion or removal")
            .flag('\0', "force-modversion", "ignore symbol versions")
            .flag('\0', "force-vermagic", "ignore version magic")
            .flag('R', "resolve-alias", "only print what an alias stands for")
            .flag('D', "show-depends", "only print what would be inserted")
            .flag('c', "showconfig", "print the configuration and the indexes")
            .flag('\0', "show-config", "the same")
            .flag('\0', "show-modversions", "print the symbol versions of a file")
            .flag('\0', "dump-modversions", "the same")
            .flag('\0', "show-exports", "print the exports of a file with their versions")
            .flag('n', "dry-run", "do nothing; print with -v")
            .flag('\0', "show", "the same")
            .value('C', "config", "FILE", "file or directory in place of the usual ones")
            .value('d', "dirname", "DIR", "root of /lib/modules and of the configuration")
            .value('S', "set-version", "VERSION", "release instead of the running kernel's")
            .flag('s', "syslog", "messages to syslog in place of stderr")
            .flag('q', "quiet", "no messages")
            .flag('v', "verbose", "tell what is done")
            .search()
            .socket());
  }

  @Override
  String[] words(String[] typed, Console console) {
    return ModprobeEnvironment.prepend(console.environment().get("MODPROBE_OPTIONS"), typed);
  }

  @Override
  int run(Arguments arguments, Console console) {
    boolean showConfig = either(arguments, "showconfig", "show-config");
    List<String> operands = arguments.operands();
    long waitMillis = waitMillis(arguments);
    if (!showConfig && operands.isEmpty()) {
      throw new Failure("missing parameters. See -h.");
    }
    ModprobeMessages messages = new ModprobeMessages(arguments, console);
    try {
      if (!showConfig && either(arguments, "show-modversions", "dump-modversions")) {
        return SymbolVersions.showVersions(operands.getFirst(), console, messages);
      }
      if (!showConfig && arguments.has("show-exports")) {
        return SymbolVersions.showExports(operands.getFirst(), console, messages);
      }
      try (KernelConnection kernel = kernel(arguments, showConfig, console)) {
        return run(arguments, kernel, showConfig, waitMillis, messages, console);
      }
    } catch (IOException e) {
      throw new Failure(String.valueOf(e.getMessage()) + ": " + FileReason.of(e));
    }
  }

  private static boolean either(Arguments arguments, String one, String other) {
    return arguments.has(one) || arguments.has(other);
  }

  /** Returns the milliseconds that -w gives, 0 if it is not there. */
  private static long waitMillis(Arguments arguments) {
    String value = arguments.value("wait");
    if (value == null) {
      return 0;
    }
    try {
      return Long.decode(value);
    } catch (NumberFormatException e) {
      throw new Failure("unexpected wait value '" + value + "'.");
    }
  }

  /** Connects, unless the release is given and nothing but files is asked for. */
  private static @Nullable KernelConnection kernel(
      Arguments arguments, boolean showConfig, Console console) {
    boolean filesOnly = showConfig || arguments.has("resolve-alias") || isDry(arguments);
    return arguments.has("set-version") && filesOnly ? null : connect(arguments, console);
  }

  static boolean isDry(Arguments arguments) {
    return arguments.has("show-depends") || either(arguments, "dry-run", "show");
  }

  private static int run(
      Arguments arguments,
      @Nullable KernelConnection kernel,
      boolean showConfig,
      long waitMillis,
      ModprobeMessages messages,
      Console console)
      throws IOException {
    String release = arguments.value("set-version");
    if (release == null && kernel != null) {
      release = kernel.identity().release();
    }
    Map<String, String> environment = console.environment();
    ModuleTree tree =
        ModuleTree.of(arguments.value("dirname"), environment, String.valueOf(release));
    Path directory = tree.directory().toAbsolutePath();
    Path root = ModuleTree.root(arguments.value("dirname"), environment);
    ModuleIndexes indexes = new ModuleIndexes(directory);
    ModprobeConfig config =
        ConfigFiles.read(
            arguments.values("config"),
            root,
            directory,
            ModprobeEnvironment.commandLine(root, environment));
    for (String complaint : config.complaints()) {
      messages.error(complaint, Collections.emptyList());
    }
    if (showConfig) {
      ModprobeSettings.show(config, indexes, console);
      return 0;
    }
    ModuleLookup lookup = new ModuleLookup(indexes, config);
    LoadedModules loaded = new LoadedModules(kernel, lookup);
    ShellCommands commands =
        new ShellCommands(ModprobeEnvironment.ofCommands(arguments, environment), console);
    List<String> operands = arguments.operands();
    if (arguments.has("remove")) {
      ModprobeRemoval removal =
          new ModprobeRemoval(
              arguments, kernel, waitMillis, lookup, loaded, commands, messages, console);
      return removal.removeAll(operands);
    }
    ModprobeInsertion insertion =
        new ModprobeInsertion(
            arguments, kernel, directory, lookup, loaded, commands, messages, console);
    if (arguments.has("all")) {
      return insertion.insertAll(operands);
    }
    return insertion.insert(
        operands.getFirst(), ModprobeEnvironment.parameters(operands.subList(1, operands.size())));
  }
}
