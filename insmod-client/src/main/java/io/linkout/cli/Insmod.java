package io.linkout.cli;

import io.linkout.elf.MalformedElfException;
import io.linkout.link.Activated;
import io.linkout.link.KernelException;
import io.linkout.link.LinkException;
import io.linkout.link.LinkOptions;
import io.linkout.link.LinkedModule;
import io.linkout.link.Linker;
import io.linkout.link.ModuleFile;
import io.linkout.link.PassTimer;
import io.linkout.link.x86_64.X86_64;
import io.linkout.rpc.KernelConnection;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** insmod: links a module against the running kernel and makes it live. */
final class Insmod extends Command {
  Insmod() {
    super(
        new Syntax("insmod [options] filename [NAME=VALUE ...]")
            .flag('f', "force", "ignore version magic and symbol versions")
            .flag('\0', "force-vermagic", "ignore version magic")
            .flag('\0', "force-modversion", "ignore symbol versions")
            .flag('n', "dry-run", "do all but make it live")
            .value('\0', "map", "FILE", "write sections and symbols with addresses; - is stdout")
            .value('\0', "image", "FILE", "write what was linked as an ELF file")
            .flag('\0', "no-fixups", "stop after relocation; only with -n")
            .flag('\0', "timing", "tell how long each phase took")
            .flag('v', "verbose", "tell what is done")
            .socket());
  }

  @Override
  int run(Arguments arguments, Console console) {
    List<String> operands = arguments.operands();
    if (operands.isEmpty()) {
      throw new Failure("missing filename.");
    }
    boolean dryRun = arguments.has("dry-run");
    if (arguments.has("no-fixups") && !dryRun) {
      throw new Failure("--no-fixups makes a module that cannot run: only with --dry-run");
    }
    String name = operands.getFirst();
    boolean force = arguments.has("force");
    LinkOptions options =
        new LinkOptions(
            force || arguments.has("force-vermagic"),
            force || arguments.has("force-modversion"),
            !arguments.has("no-fixups"),
            operands.subList(1, operands.size()));
    PassTimer timer = arguments.has("timing") ? new PhaseTable(console) : PassTimer.NONE;
    try (ModuleFile file = open(name, timer)) {
      load(file, name, options, timer, arguments, console);
    } catch (MalformedElfException e) {
      throw notInserted(name, ErrnoText.ofLoading(ErrnoText.ENOEXEC), List.of(e.reason()));
    } catch (LinkException e) {
      throw notInserted(name, e.errno().text(), e.causes());
    }
    return 0;
  }

  private static ModuleFile open(String name, PassTimer timer) {
    long start = System.nanoTime();
    try {
      // absolute, so that the path the kernel keeps means the same to everyone who asks later
      ModuleFile file = ModuleFile.open(Path.of(name).toAbsolutePath());
      timer.passed("open", System.nanoTime() - start);
      return file;
    } catch (IOException e) {
      throw new Failure("could not load module " + name + ": " + FileReason.of(e));
    }
  }

  private static void load(
      ModuleFile file,
      String name,
      LinkOptions options,
      PassTimer timer,
      Arguments arguments,
      Console console) {
    long start = System.nanoTime();
    try (KernelConnection kernel = connect(arguments, console)) {
      timer.passed("connect", System.nanoTime() - start);
      KnownExporters hints = new KnownExporters(kernel.identity(), console.environment());
      Linker linker = new Linker(kernel, X86_64.ARCHITECTURE, hints, timer);
      try (LinkedModule module = link(linker, kernel, file, options)) {
        LinkOutputs.write(module, arguments, console);
        if (arguments.has("dry-run")) {
          linker.release(module);
        } else {
          activate(linker, module, kernel, name, timer, console);
        }
      } catch (KernelException e) {
        throw refused(name, e, List.of());
      }
    }
  }

  /** Links, and lets the kernel log say what Linux's would if that fails. */
  private static LinkedModule link(
      Linker linker, KernelConnection kernel, ModuleFile file, LinkOptions options) {
    try {
      return linker.prepare(file, options);
    } catch (LinkException e) {
      if (!e.failures().isEmpty()) {
        kernel.reportFailure(file.name(), e.failures());
      }
      throw e;
    }
  }

  private static void activate(
      Linker linker,
      LinkedModule module,
      KernelConnection kernel,
      String name,
      PassTimer timer,
      Console console) {
    try {
      Activated activated = linker.activate(module);
      timer.passed("init", activated.initNanos());
    } catch (KernelException e) {
      if (e.oops().isEmpty()) {
        throw e;
      }
      throw refused(name, e, LoadOops.decode(e.oops(), module, kernel, console));
    }
  }

  private static Failure refused(String name, KernelException e, List<String> oops) {
    if (e.errno() == 0) {
      return notInserted(name, e.reason(), List.of());
    }
    List<String> causes = new ArrayList<>();
    if (!e.reason().isEmpty()) {
      causes.add(e.reason());
    }
    if (!e.detail().isEmpty()) {
      causes.addAll(e.detail().lines().toList());
    }
    causes.addAll(oops);
    return notInserted(name, ErrnoText.ofLoading(e.errno()), causes);
  }

  private static Failure notInserted(String name, String reason, List<String> causes) {
    return new Failure("could not insert module " + name + ": " + reason, causes);
  }
}
