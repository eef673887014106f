package io.linkout.cli;

import io.linkout.config.Candidate;
import io.linkout.config.ModuleLookup;
import io.linkout.elf.MalformedElfException;
import io.linkout.link.LinkOptions;
import io.linkout.link.LinkedModule;
import io.linkout.link.ModuleFile;
import io.linkout.link.PassTimer;
import io.linkout.rpc.KernelConnection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Inserts modules with what they need ({@code libkmod-module.c}: probe_insert_module, 30). */
final class ModprobeInsertion {
  private static final int EEXIST = 17;

  /** Makes every module live. */
  private static final ModuleLoading.Step ALWAYS =
      new ModuleLoading.Step() {
        @Override
        public boolean linked(LinkedModule module) {
          return true;
        }
      };

  private final Arguments arguments;
  private final @Nullable KernelConnection kernel;
  private final Path directory;
  private final ModuleLookup lookup;
  private final LoadedModules loaded;
  private final ShellCommands commands;
  private final ModprobeMessages messages;
  private final Console console;
  private final boolean dry;
  private final boolean ignoreLoaded;
  private final boolean show;
  private @Nullable ModuleLoading loading;

  ModprobeInsertion(
      Arguments arguments,
      @Nullable KernelConnection kernel,
      Path directory,
      ModuleLookup lookup,
      LoadedModules loaded,
      ShellCommands commands,
      ModprobeMessages messages,
      Console console) {
    this.arguments = arguments;
    this.kernel = kernel;
    this.directory = directory;
    this.lookup = lookup;
    this.loaded = loaded;
    this.commands = commands;
    this.messages = messages;
    this.console = console;
    dry = Modprobe.isDry(arguments);
    ignoreLoaded = arguments.has("show-depends");
    show = ignoreLoaded || arguments.has("verbose");
  }

  /** Inserts every one of {@code operands}; returns 1 if one failed. */
  int insertAll(List<String> operands) throws IOException {
    int status = 0;
    for (String operand : operands) {
      status |= insert(operand, "");
    }
    return status;
  }

  /**
   * Inserts what {@code operand} stands for, a name, an alias or a file's path.
   *
   * @param parameters for those modules themselves, not for what they need
   * @return 1 if that failed; where an alias stands for several, the last decides, as with kmod
   */
  int insert(String operand, String parameters) throws IOException {
    List<Candidate> found;
    if (operand.startsWith("/") || operand.startsWith("./")) {
      Path file = Path.of(operand).toAbsolutePath().normalize();
      if (!Files.exists(file)) {
        messages.operand(
            "Failed to get module from path " + operand + ": No such file or directory");
        return 1;
      }
      found = List.of(lookup.ofFile(file));
    } else {
      found = lookup.find(operand);
    }
    if (found.isEmpty()) {
      messages.operand("Module " + operand + " not found in directory " + directory);
      return 1;
    }
    int status = 0;
    for (Candidate module : found) {
      if (arguments.has("resolve-alias")) {
        console.line(module.name());
      } else {
        status = probe(module, parameters);
      }
    }
    return status;
  }

  private int probe(Candidate module, String parameters) throws IOException {
    boolean firstTime = arguments.has("first-time");
    if (!ignoreLoaded && loaded.inKernel(module.name())) {
      return firstTime ? alreadyThere(module) : 0;
    }
    if (lookup.isBlacklisted(module)
        && (module.alias() != null || arguments.has("use-blacklist"))) {
      return 0;
    }
    List<String> done = new ArrayList<>();
    boolean ignoreCommands = arguments.has("ignore-install") || arguments.has("ignore-remove");
    for (Candidate each : lookup.loadOrder(module, ignoreCommands)) {
      boolean asked = each == module;
      if (!ignoreLoaded && loaded.inKernel(each.name())) {
        if (asked && firstTime) {
          return alreadyThere(module);
        }
        continue;
      }
      try {
        insertOne(each, asked ? parameters : "", done);
      } catch (LoadFailure e) {
        boolean there = e.errno() == EEXIST;
        if (there && asked && firstTime) {
          return alreadyThere(module);
        }
        // someone else was faster, or it was only wished for
        if (e.errno() == 0 || (!there && each.required())) {
          messages.error(
              "could not insert '" + module.name() + "': " + reason(e),
              causes(e, each, asked, done));
          return 1;
        }
      }
    }
    return 0;
  }

  private int alreadyThere(Candidate module) {
    messages.error("could not insert '" + module.name() + "': Module already in kernel", List.of());
    return 1;
  }

  private static String reason(LoadFailure e) {
    return e.errno() == ErrnoText.ENOENT
        ? "Unknown symbol in module, or unknown parameter (see dmesg)"
        : e.reason();
  }

  private List<String> causes(LoadFailure e, Candidate failed, boolean asked, List<String> done)
      throws IOException {
    List<String> causes = new ArrayList<>();
    if (!asked) {
      causes.add("it needs " + failed.name() + " (" + lookup.path(failed) + "): " + e.reason());
    }
    causes.addAll(e.causes());
    if (!done.isEmpty()) {
      causes.add("loaded for it and still there: " + String.join(" ", done));
    }
    return causes;
  }

  /** Inserts one module or runs its install command; adds it to {@code done} if it was loaded. */
  private void insertOne(Candidate module, String parameters, List<String> done)
      throws IOException {
    String configured = lookup.options(module);
    String options = configured == null ? parameters : configured + " " + parameters;
    String command = module.ignoresCommand() ? null : lookup.installCommand(module);
    if (command != null) {
      if (show) {
        console.line("install " + command + " " + options);
      }
      if (!dry) {
        install(module, ShellCommands.expand(command, options));
      }
      return;
    }
    Path path = lookup.path(module);
    if (show) {
      if (path != null) {
        console.line("insmod " + path + " " + options);
      } else if (lookup.isBuiltin(module.name())) {
        console.line("builtin " + module.name());
      }
    }
    if (!dry) {
      load(module, path, options);
      done.add(module.name());
    }
  }

  private void install(Candidate module, String command) throws IOException {
    int status = commands.run(command, module.name());
    loaded.changed();
    if (status != 0) {
      throw new LoadFailure(
          ErrnoText.EINVAL,
          "Error running install command",
          List.of("install command '" + command + "' ended with status " + status));
    }
  }

  private void load(Candidate module, @Nullable Path path, String options) {
    if (path == null) {
      throw new LoadFailure(
          ErrnoText.ENOENT,
          "No such file or directory",
          List.of("could not find module by name='" + module.name() + "'"));
    }
    boolean force = arguments.has("force");
    LinkOptions how =
        new LinkOptions(
            force || arguments.has("force-vermagic"),
            force || arguments.has("force-modversion"),
            true,
            List.of(options));
    try (ModuleFile file = ModuleFile.open(path)) {
      loading().load(file, how, ALWAYS);
    } catch (MalformedElfException e) {
      throw new LoadFailure(
          ErrnoText.ENOEXEC, ErrnoText.ofLoading(ErrnoText.ENOEXEC), List.of(e.reason()));
    } catch (IOException e) {
      throw new LoadFailure(-1, FileReason.of(e), List.of("file " + path));
    } finally {
      loaded.changed();
    }
  }

  private ModuleLoading loading() {
    ModuleLoading known = loading;
    if (known == null) {
      if (kernel == null) {
        throw new IllegalStateException("nothing is loaded in a dry run");
      }
      known =
          new ModuleLoading(
              kernel, Symbols.of(kernel, arguments, console), PassTimer.NONE, console);
      loading = known;
    }
    return known;
  }
}
