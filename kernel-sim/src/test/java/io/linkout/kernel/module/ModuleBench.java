package io.linkout.kernel.module;

import io.linkout.kernel.kmsg.Kmsg;
import io.linkout.kernel.symbol.ExportTable;
import io.linkout.kernel.testing.FakeGuest;
import io.linkout.kernel.testing.SymbolsIn;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The module side of a kernel, run by hand. */
final class ModuleBench {
  final FakeGuest guest = new FakeGuest();
  final ManualCpu cpu = new ManualCpu();
  final Kmsg kmsg = new Kmsg(100, () -> 0);
  final ExportTable exports;
  final ModuleTable modules;
  final HandleTable handles = new HandleTable();
  final GuestReferenceCounts references;
  final Loader loader;
  final Remover remover;
  final FunctionCaller caller;
  final Outcomes outcomes = new Outcomes();

  ModuleBench() {
    this(SymbolsIn.KERNEL);
  }

  ModuleBench(SymbolsIn symbols) {
    exports = symbols.table();
    modules = new ModuleTable(exports);
    references = new GuestReferenceCounts(Runnable::run, modules::guestReference);
    loader =
        new Loader(
            modules,
            handles,
            cpu,
            guest,
            kmsg,
            () -> 0,
            io.linkout.kernel.api.oops.TableForms.LINUX_6_1);
    remover = new Remover(modules, handles, cpu, guest, references);
    caller = new FunctionCaller(modules, cpu, guest);
  }

  /** What waiters were told, one line each. */
  static final class Outcomes implements Loader.Waiter, Remover.Waiter {
    final List<String> lines = new ArrayList<>();
    final List<Refusal> refusals = new ArrayList<>();

    @Override
    public void live(LoadedModule module, long initResult, long totalNanos, long initNanos) {
      lines.add("live " + module.name());
    }

    @Override
    public void removed(List<io.linkout.kernel.api.UnloadOutcome.Leak> leaks) {
      lines.add("removed, leaks " + leaks.size());
    }

    @Override
    public void refused(Refusal reason) {
      lines.add(reason.kind() + " " + reason.errno());
      refusals.add(reason);
    }
  }

  Handle allocate() {
    return handles.allocate(new Owner(1, 100, 1000), "x", Images.SEGMENTS);
  }

  PendingWork activate(Handle handle, Activation facts, LoadedModule... pinned) {
    return loader.activate(handle, facts, new HashSet<>(Set.of(pinned)), outcomes);
  }

  /** Returns a plain module that exports {@code symbols}; a kernel without a table is told none. */
  Images image(String name, Handle handle, String... symbols) {
    Images image = Images.of(name, handle);
    if (exports.keeps()) {
      for (String symbol : symbols) {
        image.export(symbol, Images.address(handle, Images.TEXT));
      }
    }
    return image;
  }

  /** Returns whether {@code symbol} can be linked to, as far as the kernel decides that. */
  boolean linkable(String symbol) {
    return !exports.keeps() || exports.find(symbol) != null;
  }

  /** Returns whether the kernel itself makes sure that nothing is linked to {@code symbol}. */
  boolean unlinkable(String symbol) {
    return exports.find(symbol) == null;
  }

  /** Loads a plain module that exports {@code symbols} and depends on {@code dependencies}. */
  LoadedModule load(String name, List<String> symbols, LoadedModule... dependencies) {
    Handle handle = allocate();
    Images image = image(name, handle, symbols.toArray(String[]::new));
    for (LoadedModule dependency : dependencies) {
      image.uses(dependency.loadId());
    }
    activate(handle, image.build(), dependencies);
    cpu.runAll();
    LoadedModule module = modules.find(name);
    if (module == null) {
      throw new AssertionError(outcomes.lines);
    }
    return module;
  }

  /** What must be as before after anything that came to nothing. */
  List<Long> figures() {
    return List.of(
        (long) handles.count(),
        handles.handleBytes(),
        handles.moduleBytes(),
        handles.freeBytes(),
        (long) modules.count(),
        (long) exports.size(),
        exports.bytes());
  }
}
