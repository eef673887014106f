package io.linkout.cli;

import io.linkout.rpc.KernelConnection;
import io.linkout.rpc.KernelQueries;
import io.linkout.rpc.LoadedModule;
import java.util.ArrayList;
import java.util.List;

/** lsmod: what is loaded, in kmod's columns. */
final class Lsmod extends Command {
  Lsmod() {
    super(
        new Syntax("lsmod [options]")
            .flag('v', "verbose", "also what is being loaded")
            .flag('\0', "json", "an array of objects")
            .socket());
  }

  @Override
  int run(Arguments arguments, Console console) {
    if (!arguments.operands().isEmpty()) {
      throw new Failure("unexpected argument '" + arguments.operands().getFirst() + "'");
    }
    boolean verbose = arguments.has("verbose");
    List<LoadedModule> shown = new ArrayList<>();
    try (KernelConnection kernel = connect(arguments, console)) {
      for (LoadedModule module : new KernelQueries(kernel).modules()) {
        if (verbose || !isBeingLoaded(module)) {
          shown.add(module);
        }
      }
    }
    if (arguments.has("json")) {
      json(shown, console);
    } else {
      table(shown, console);
    }
    return 0;
  }

  private static boolean isBeingLoaded(LoadedModule module) {
    return module.state() == LoadedModule.State.UNFORMED
        || module.state() == LoadedModule.State.COMING;
  }

  private static void table(List<LoadedModule> modules, Console console) {
    console.line("Module                  Size  Used by");
    for (LoadedModule module : modules) {
      List<String> users = new ArrayList<>(module.holders());
      if (module.permanent()) {
        users.add("[permanent]");
      }
      String row =
          Numbers.left(module.name(), 19)
              + " "
              + Numbers.padded(Long.toString(module.coreBytes()), 8, ' ')
              + "  "
              + module.references();
      if (!users.isEmpty()) {
        row += " " + String.join(",", users);
      }
      if (isBeingLoaded(module)) {
        row += " (Loading, pid " + module.pid() + ")";
      }
      console.line(row);
    }
  }

  private static void json(List<LoadedModule> modules, Console console) {
    JsonWriter json = new JsonWriter(console).array();
    for (LoadedModule module : modules) {
      json.object()
          .member("name", module.name())
          .member("size", module.coreBytes())
          .member("references", module.references())
          .member("holders", module.holders())
          .member("permanent", module.permanent())
          .member("state", state(module))
          .member("dependencies", module.dependencies())
          .member("taints", module.taints())
          .member("build_id", module.buildId())
          .member("path", module.path())
          .array("segments");
      for (LoadedModule.Segment segment : module.segments()) {
        json.object()
            .member("kind", segment.kind().toString().toLowerCase(java.util.Locale.ROOT))
            .member("address", "0x" + Numbers.hex16(segment.address()))
            .member("size", segment.size())
            .endObject();
      }
      json.endArray();
      if (isBeingLoaded(module)) {
        json.member("pid", module.pid());
      }
      json.endObject();
    }
    json.endArray().end();
  }

  private static String state(LoadedModule module) {
    return switch (module.state()) {
      case UNFORMED, COMING -> "Loading";
      case GOING -> "Unloading";
      case LIVE -> module.dead() ? "Dead" : "Live";
    };
  }
}
