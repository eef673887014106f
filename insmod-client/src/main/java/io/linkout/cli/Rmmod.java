package io.linkout.cli;

import io.linkout.link.KernelException;
import io.linkout.modinfo.ModuleName;
import io.linkout.rpc.KernelConnection;
import io.linkout.rpc.KernelQueries;
import io.linkout.rpc.Leak;
import io.linkout.rpc.LoadedModule;
import java.io.File;
import org.jspecify.annotations.Nullable;

/** rmmod: removes modules, in kmod's words. */
final class Rmmod extends Command {
  Rmmod() {
    super(
        new Syntax("rmmod [options] modulename ...")
            .flag('f', "force", "also if it is in use, permanent or dead")
            .flag('v', "verbose", "tells what it does")
            .socket());
  }

  @Override
  int run(Arguments arguments, Console console) {
    if (arguments.operands().isEmpty()) {
      throw new Failure("missing module name.");
    }
    boolean force = arguments.has("force");
    int status = 0;
    try (KernelConnection kernel = connect(arguments, console)) {
      KernelQueries queries = new KernelQueries(kernel);
      for (String operand : arguments.operands()) {
        String name =
            new File(operand).isFile() ? ModuleName.ofPath(operand) : ModuleName.normalise(operand);
        String refusal = inUse(queries, name, force);
        if (refusal != null) {
          console.error(refusal);
          status = 1;
          continue;
        }
        if (arguments.has("verbose")) {
          console.line("rmmod " + name);
        }
        status |= remove(kernel, name, arguments, console);
      }
    }
    return status;
  }

  /** Returns why {@code name} cannot be removed, or null if nothing is known against it. */
  private static @Nullable String inUse(KernelQueries queries, String name, boolean force) {
    for (LoadedModule module : queries.modules()) {
      if (!module.name().equals(name) || module.state() == LoadedModule.State.UNFORMED) {
        continue;
      }
      if (force) {
        return null;
      }
      if (!module.holders().isEmpty()) {
        return "Module " + name + " is in use by: " + String.join(" ", module.holders());
      }
      return module.references() > 0 ? "Module " + name + " is in use" : null;
    }
    return "Module " + name + " is not currently loaded";
  }

  private static int remove(
      KernelConnection kernel, String name, Arguments arguments, Console console) {
    try {
      for (Leak leak : new KernelQueries(kernel).remove(name, arguments.has("force"))) {
        console.warning(
            name
                + " left behind: "
                + leak.what()
                + ", "
                + leak.size()
                + " bytes at 0x"
                + Numbers.hex16(leak.address())
                + ", reclaimed");
      }
      return 0;
    } catch (KernelException e) {
      if (e.errno() == 0) {
        throw e;
      }
      console.error("could not remove module " + name + ": " + ErrnoText.of(e.errno()));
      console.raw("  " + e.getMessage());
      if (!e.oops().isEmpty()) {
        for (String line : KernelNames.of(kernel, arguments, console).decode(e.oops())) {
          console.raw("  " + line);
        }
      }
      return 1;
    }
  }
}
