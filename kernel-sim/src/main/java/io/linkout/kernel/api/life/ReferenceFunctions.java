package io.linkout.kernel.api.life;

import io.linkout.kernel.api.Complaints;
import io.linkout.kernel.api.FunctionTable;
import io.linkout.kernel.api.GuestReferences;
import io.linkout.kernel.cpu.GuestMemory;
import io.linkout.kernel.cpu.TrapFrame;
import io.linkout.kernel.personality.StructLayout;
import java.util.Optional;

/**
 * Module references that guest code takes (kernel/module/main.c). A null pointer stands for code
 * that is built in: it can always be had.
 */
public final class ReferenceFunctions {
  private final GuestModules modules;
  private final ModuleStructure structure;
  private final GuestReferences references;
  private final Complaints complaints;

  private ReferenceFunctions(
      GuestModules modules,
      ModuleStructure structure,
      GuestReferences references,
      Complaints complaints) {
    this.modules = modules;
    this.structure = structure;
    this.references = references;
    this.complaints = complaints;
  }

  /** Declares the family; {@code references} are told of each change. */
  public static void declare(
      FunctionTable table,
      GuestMemory memory,
      StructLayout layout,
      GuestModules modules,
      GuestReferences references,
      Complaints complaints) {
    ReferenceFunctions f =
        new ReferenceFunctions(
            modules, new ModuleStructure(memory, layout), references, complaints);
    table.real("try_module_get", f::tryGet);
    table.real("__module_get", f::get);
    table.real("module_put", f::put);
    table.real("module_refcount", f::count);
  }

  private long tryGet(TrapFrame c) {
    if (c.argument(0) == 0) {
      return 1;
    }
    Optional<GuestModule> module = modules.byStructure(c.argument(0));
    if (module.isEmpty() || module.get().state() == GuestModule.State.GOING) {
      return 0;
    }
    change(module.get(), 1);
    return 1;
  }

  private long get(TrapFrame c) {
    modules.byStructure(c.argument(0)).ifPresent(module -> change(module, 1));
    return 0;
  }

  private long put(TrapFrame c) {
    Optional<GuestModule> module = modules.byStructure(c.argument(0));
    if (module.isPresent() && module.get().guestReferences() <= 0) {
      complaints.warn(c, "kernel/module/main.c module_put", module.get().name());
    } else {
      module.ifPresent(m -> change(m, -1));
    }
    return 0;
  }

  private void change(GuestModule module, int delta) {
    module.addReferences(delta);
    structure.update(module);
    references.changed(module.loadId(), delta);
  }

  /** References of guest code; those of modules that depend on it are not the guest's to see. */
  private long count(TrapFrame c) {
    return modules.byStructure(c.argument(0)).map(GuestModule::guestReferences).orElse(-1);
  }
}
