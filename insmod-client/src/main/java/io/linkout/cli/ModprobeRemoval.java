package io.linkout.cli;

import io.linkout.config.Candidate;
import io.linkout.config.ModuleLookup;
import io.linkout.link.KernelException;
import io.linkout.rpc.KernelConnection;
import io.linkout.rpc.Leak;
import io.linkout.rpc.LoadedModule;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Removes modules and what becomes unused by that ({@code tools/modprobe.c}: rmmod, 30 and 34). */
final class ModprobeRemoval {
  private final Arguments arguments;
  private final @Nullable KernelConnection kernel;
  private final long waitMillis;
  private final ModuleLookup lookup;
  private final LoadedModules loaded;
  private final ShellCommands commands;
  private final ModprobeMessages messages;
  private final Console console;
  private final boolean dry;
  private final boolean show;
  private final boolean ignoreLoaded;

  ModprobeRemoval(
      Arguments arguments,
      @Nullable KernelConnection kernel,
      long waitMillis,
      ModuleLookup lookup,
      LoadedModules loaded,
      ShellCommands commands,
      ModprobeMessages messages,
      Console console) {
    this.arguments = arguments;
    this.kernel = kernel;
    this.waitMillis = waitMillis;
    this.lookup = lookup;
    this.loaded = loaded;
    this.commands = commands;
    this.messages = messages;
    this.console = console;
    dry = Modprobe.isDry(arguments);
    ignoreLoaded = arguments.has("show-depends");
    show = ignoreLoaded || arguments.has("verbose");
  }

  /** Removes what each of {@code operands} stands for; returns 1 if something could not be. */
  int removeAll(List<String> operands) throws IOException {
    int status = 0;
    boolean holders = arguments.has("remove-holders") || arguments.has("remove-dependencies");
    for (String operand : operands) {
      List<Candidate> found = lookup.find(operand);
      if (found.isEmpty()) {
        messages.operand("Module " + operand + " not found.");
        status = 1;
      }
      for (Candidate module : found) {
        if (!remove(module, holders, false)) {
          status = 1;
          break;
        }
      }
    }
    return status;
  }

  /** Returns false if {@code module} is still there, which has been told. */
  private boolean remove(Candidate module, boolean withHolders, boolean ignoreBuiltin)
      throws IOException {
    boolean ignoreCommands = arguments.has("ignore-install") || arguments.has("ignore-remove");
    String command = ignoreCommands ? null : lookup.removeCommand(module);
    String name = module.name();
    if (command == null && !ignoreLoaded) {
      if (lookup.isBuiltin(name)) {
        if (!ignoreBuiltin) {
          messages.operand("Module " + name + " is builtin.");
        }
        return ignoreBuiltin;
      }
      if (loaded.find(name) == null) {
        boolean matters = arguments.has("first-time");
        if (matters) {
          messages.operand("Module " + name + " is not in kernel.");
        }
        return !matters;
      }
    }
    List<Candidate> before = ignoreCommands ? List.of() : lookup.wishesBefore(module);
    if (!ignoreCommands) {
      removeQuietly(lookup.wishesAfter(module));
    }
    if (withHolders && !removeHolders(name)) {
      return false;
    }
    if (command != null) {
      return runCommand(command, name);
    }
    if (!ignoreLoaded && waitMillis == 0 && references(name) > 0) {
      messages.operand("Module " + name + " is in use.");
      return false;
    }
    // with its last holder it may have gone as unused
    boolean gone = withHolders && !ignoreLoaded && loaded.find(name) == null;
    if (!gone && !removeOne(name)) {
      return false;
    }
    removeUnused(lookup.dependencies(module));
    removeQuietly(before);
    return true;
  }

  /** What was wished for goes in reverse order; what cannot go stays. */
  private void removeQuietly(List<Candidate> modules) throws IOException {
    for (Candidate module : modules.reversed()) {
      boolean there = loaded.find(module.name()) != null || lookup.removeCommand(module) != null;
      if (there && references(module.name()) == 0) {
        remove(module, false, true);
      }
    }
  }

  private boolean removeHolders(String name) throws IOException {
    LoadedModule module = loaded.find(name);
    if (module == null) {
      return true;
    }
    for (String holder : module.holders()) {
      for (Candidate candidate : lookup.find(holder)) {
        if (!remove(candidate, true, true)) {
          return false;
        }
      }
    }
    return true;
  }

  private boolean runCommand(String command, String name) throws IOException {
    String expanded = ShellCommands.expand(command, "");
    if (show) {
      console.line("remove " + expanded);
    }
    if (dry) {
      return true;
    }
    int status = commands.run(expanded, name);
    loaded.changed();
    if (status != 0) {
      messages.operand("Error running remove command for " + name);
    }
    return status == 0;
  }

  /** Needed ones are in the order of loading, so the last goes first. */
  private void removeUnused(List<Candidate> needed) {
    for (Candidate module : needed.reversed()) {
      LoadedModule there = loaded.find(module.name());
      if (there != null && there.references() == 0 && !there.permanent()) {
        if (!removeOne(module.name())) {
          return;
        }
      }
    }
  }

  private int references(String name) {
    LoadedModule module = loaded.find(name);
    return module == null ? 0 : module.references();
  }

  private boolean removeOne(String name) {
    if (show) {
      console.line("rmmod " + name);
    }
    if (dry) {
      return true;
    }
    awaitUnused(name);
    try {
      for (Leak leak : loaded.remove(name, arguments.has("force"))) {
        messages.warning(
            name
                + " left behind: "
                + leak.what()
                + ", "
                + leak.size()
                + " bytes at 0x"
                + Numbers.hex16(leak.address())
                + ", reclaimed");
      }
      return true;
    } catch (KernelException e) {
      if (e.errno() == 0) {
        throw e;
      }
      List<String> oops =
          kernel == null || e.oops().isEmpty()
              ? e.oops()
              : KernelNames.of(kernel, arguments, console).decode(e.oops());
      messages.error("could not remove '" + name + "': " + ErrnoText.of(e.errno()), oops);
      return false;
    } finally {
      loaded.changed();
    }
  }

  /** Asks again and again, ever more seldom, until nobody uses {@code name} or the time is up. */
  private void awaitUnused(String name) {
    if (waitMillis == 0) {
      return;
    }
    long start = System.nanoTime();
    long pause = 1;
    while (references(name) > 0) {
      long left = waitMillis - (System.nanoTime() - start) / 1_000_000;
      if (left <= 0) {
        return;
      }
      try {
        Thread.sleep(Math.min(pause, left));
      } catch (InterruptedException e) {
        return;
      }
      pause *= 2;
      loaded.changed();
    }
  }
}
