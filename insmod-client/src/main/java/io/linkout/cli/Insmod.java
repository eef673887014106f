package io.linkout.cli;

import io.linkout.elf.MalformedElfException;
import io.linkout.link.LinkOptions;
import io.linkout.link.LinkedModule;
import io.linkout.link.ModuleFile;
import io.linkout.link.PassTimer;
import io.linkout.rpc.KernelConnection;
import java.io.IOException;
import java.nio.file.Path;
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
            .search()
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
      load(file, options, timer, arguments, console);
    } catch (MalformedElfException e) {
      throw notInserted(name, ErrnoText.ofLoading(ErrnoText.ENOEXEC), List.of(e.reason()));
    } catch (LoadFailure e) {
      throw notInserted(name, e.reason(), e.causes());
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
      ModuleFile file, LinkOptions options, PassTimer timer, Arguments arguments, Console console) {
    long start = System.nanoTime();
    try (KernelConnection kernel = connect(arguments, console)) {
      timer.passed("connect", System.nanoTime() - start);
      new ModuleLoading(kernel, arguments, timer, console)
          .load(file, options, new Outputs(arguments, console));
    }
  }

  /** Writes what was asked for once the addresses are known. No lambda: those start slowly. */
  private record Outputs(Arguments arguments, Console console) implements ModuleLoading.Step {
    @Override
    public boolean linked(LinkedModule module) {
      LinkOutputs.write(module, arguments, console);
      return !arguments.has("dry-run");
    }
  }

  private static Failure notInserted(String name, String reason, List<String> causes) {
    return new Failure("could not insert module " + name + ": " + reason, causes);
  }
}
