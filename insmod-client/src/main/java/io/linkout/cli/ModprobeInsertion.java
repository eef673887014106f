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
  private @Nullable Upcoming upcoming;

  /** What has been begun with while the one before it was made live; the file is open. */
  private record Upcoming(Candidate module, ModuleFile file, LinkOptions how) {}

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
    try {
      return probeInOrder(module, parameters);
    } finally {
      forget();
    }
  }

  private int probeInOrder(Candidate module, String parameters) throws IOException {
    boolean firstTime = arguments.has("first-time");
    List<String> done = new ArrayList<>();
    boolean ignoreCommands = arguments.has("ignore-install") || arguments.has("ignore-remove");
    List<Candidate> order = lookup.loadOrder(module, ignoreCommands);
    for (int i = 0; i < order.size(); i++) {
      Candidate each = order.get(i);
      boolean asked = each == module;
      if (!ignoreLoaded && loaded.inKernel(each.name())) {
        if (asked && firstTime) {
          return alreadyThere(module);
        }
        continue;
      }
      try {
        insertOne(each, asked ? parameters : "", done, new Next(order, i + 1, module, parameters));
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
  private void insertOne(Candidate module, String parameters, List<String> done, Runnable meanwhile)
      throws IOException {
    String options = options(module, parameters);
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
      load(module, path, options, meanwhile);
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

  private String options(Candidate module, String parameters) {
    String configured = lookup.options(module);
    return configured == null ? parameters : configured + " " + parameters;
  }

  private LinkOptions how(String options) {
    boolean force = arguments.has("force");
    return new LinkOptions(
        force || arguments.has("force-vermagic"),
        force || arguments.has("force-modversion"),
        true,
        List.of(options));
  }

  private void load(Candidate module, @Nullable Path path, String options, Runnable meanwhile) {
    if (path == null) {
      throw new LoadFailure(
          ErrnoText.ENOENT,
          "No such file or directory",
          List.of("could not find module by name='" + module.name() + "'"));
    }
    Upcoming begun = upcoming;
    upcoming = null;
    boolean same = begun != null && begun.module == module;
    if (begun != null && !same) {
      begun.file.close();
    }
    LinkOptions how = same && begun != null ? begun.how : how(options);
    try (ModuleFile file = same && begun != null ? begun.file : ModuleFile.open(path)) {
      loading().load(file, how, ALWAYS, meanwhile);
      loaded.added(module.name());
    } catch (LoadFailure e) {
      loaded.changed();
      throw e;
    } catch (MalformedElfException e) {
      throw new LoadFailure(
          ErrnoText.ENOEXEC, ErrnoText.ofLoading(ErrnoText.ENOEXEC), List.of(e.reason()));
    } catch (IOException e) {
      throw new LoadFailure(-1, FileReason.of(e), List.of("file " + path));
    }
  }

  /** Begins with the next of {@code order} while the kernel is at work with the one before it. */
  private final class Next implements Runnable {
    private final List<Candidate> order;
    private final int from;
    private final Candidate asked;
    private final String parameters;

    Next(List<Candidate> order, int from, Candidate asked, String parameters) {
      this.order = order;
      this.from = from;
      this.asked = asked;
      this.parameters = parameters;
    }

    @Override
    public void run() {
      try {
        for (Candidate each : order.subList(from, order.size())) {
          // Nothing may be asked of the kernel here.
          if (!loaded.isListed()) {
            return;
          }
          if (!loaded.inKernel(each.name())) {
            begin(each);
            return;
          }
        }
      } catch (IOException | RuntimeException e) {
        // When its turn comes it is opened anew, and what is wrong is told.
        forget();
      }
    }

    private void begin(Candidate module) throws IOException {
      Path path = lookup.path(module);
      boolean byCommand = !module.ignoresCommand() && lookup.installCommand(module) != null;
      if (path == null || byCommand) {
        return;
      }
      ModuleFile file = ModuleFile.open(path);
      LinkOptions how = how(options(module, module == asked ? parameters : ""));
      upcoming = new Upcoming(module, file, how);
      loading().begin(file, how);
    }
  }

  private void forget() {
    Upcoming begun = upcoming;
    upcoming = null;
    if (begun != null) {
      begun.file.close();
    }
  }

  private ModuleLoading loading() {
    ModuleLoading known = loading;
    if (known == null) {
      if (kernel == null) {
        throw new IllegalStateException("nothing is loaded in a dry run");
      }
      known = new ModuleLoading(kernel, arguments, PassTimer.NONE, console);
      loading = known;
    }
    return known;
  }
}
