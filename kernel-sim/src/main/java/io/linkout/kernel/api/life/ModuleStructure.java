package io.linkout.kernel.api.life;

import io.linkout.kernel.api.image.GuestStruct;
import io.linkout.kernel.cpu.GuestFault;
import io.linkout.kernel.cpu.GuestMemory;
import io.linkout.kernel.personality.StructLayout;

/** What the kernel keeps in a module's {@code __this_module}, where inline code reads it. */
final class ModuleStructure {
  /** A live module has this reference of its own (MODULE_REF_BASE). */
  private static final int BASE = 1;

  private final GuestMemory memory;
  private final StructLayout layout;

  ModuleStructure(GuestMemory memory, StructLayout layout) {
    this.memory = memory;
    this.layout = layout;
  }

  /** Stores the module's state and reference count. */
  void update(GuestModule module) {
    if (module.image().thisModule() == 0
        || module.image().thisModuleSize() != layout.of("sizeof.module")) {
      return;
    }
    GuestStruct structure = new GuestStruct(memory, layout, "module", module.image().thisModule());
    String state =
        switch (module.state()) {
          case COMING -> "MODULE_STATE_COMING";
          case LIVE -> "MODULE_STATE_LIVE";
          case GOING -> "MODULE_STATE_GOING";
        };
    try {
      structure.writeInt("state", layout.of(state));
      structure.writeInt("refcnt", BASE + module.guestReferences());
    } catch (GuestFault e) {
      // The client put it where it cannot be written: then no code relies on it changing.
    }
  }
}
