package io.linkout.link;

import io.linkout.elf.MalformedElfException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Would this module load? Every check that a load makes, short of running it, and unlike a load not
 * ended by the first pass that finds something wrong. Confined to one thread.
 */
public final class ModuleCheck {
  private final Kernel kernel;
  private final ModuleSet modules;
  private final Linker linker;

  /**
   * A check against {@code kernel} with {@code modules} at hand.
   *
   * @param hints asked about symbols that neither has
   */
  public ModuleCheck(
      Kernel kernel, ModuleSet modules, Architecture architecture, ExportHints hints) {
    this.kernel = kernel;
    this.modules = modules;
    this.linker =
        new Linker(new ModuleSetKernel(kernel, modules), architecture, hints, PassTimer.NONE);
  }

  /**
   * Checks {@code file}; whatever it took of the kernel is given back.
   *
   * @throws MalformedElfException if the file is broken, and nothing else is wrong with it
   * @throws LinkException with everything that is wrong
   * @throws KernelException if the kernel refused, or went away
   */
  public void check(ModuleFile file) {
    Complaints complaints = new Complaints();
    try {
      ModuleOutline outline = ModuleOutline.of(file);
      modules.check(outline, kernel.identity(), complaints);
      others(outline, complaints);
      linker.checkAll(file, LinkOptions.DEFAULT, complaints);
    } catch (MalformedElfException e) {
      if (complaints.isEmpty()) {
        throw e;
      }
      complaints.add(Errno.ENOEXEC, e.reason());
    }
    complaints.throwIfAny();
  }

  /** Complains of exports that the kernel has already, by another module or by itself. */
  private void others(ModuleOutline outline, Complaints complaints) {
    if (outline.exports().isEmpty()) {
      return;
    }
    List<String> names = new ArrayList<>(outline.exports().size());
    for (ModuleOutline.Export export : outline.exports()) {
      names.add(export.name());
    }
    List<@Nullable KernelSymbol> there = kernel.resolve(names);
    boolean found = true;
    for (int i = 0; i < there.size(); i++) {
      KernelSymbol symbol = there.get(i);
      if (symbol == null) {
        found = false;
        continue;
      }
      ModuleOutline.Export export = outline.exports().get(i);
      if (!symbol.owner().equals(outline.name())) {
        complaints.add(
            Errno.ENOEXEC,
            "exports symbol "
                + symbol.name()
                + ", which "
                + (symbol.owner().isEmpty() ? "the kernel" : "module " + symbol.owner())
                + " exports too");
      } else if (symbol.ownerLoadId() == 0) {
        listed(export, symbol, complaints);
      }
    }
    UnknownExports unknown = kernel.unknownExports().without(outline.name());
    if (!found && !unknown.isEmpty()) {
      complaints.add(Errno.ENOEXEC, unknown.notCompared(outline.name()));
      complaints.addOnce(Errno.ENOEXEC, unknown.lines());
    }
  }

  /** The list of exports that everything else was built against must be right about this one. */
  private static void listed(
      ModuleOutline.Export export, KernelSymbol listed, Complaints complaints) {
    Integer ours = export.crc();
    Integer theirs = listed.crc();
    if (ours != null && theirs != null && !ours.equals(theirs)) {
      complaints.add(
          Errno.ESRCH,
          "exports symbol "
              + export.name()
              + " with version "
              + Imports.hex(ours)
              + ", it has "
              + Imports.hex(theirs)
              + " in Module.symvers");
    }
  }
}
