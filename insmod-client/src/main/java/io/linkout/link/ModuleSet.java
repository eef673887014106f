package io.linkout.link;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The modules that are checked together: what each of them exports is there for the others, and
 * what only all of them together show, such as two exporters of one name, is found here. Does not
 * change once made; may be shared by threads.
 */
public final class ModuleSet {
  private record Offer(ModuleOutline module, ModuleOutline.Export export, int number) {}

  private final List<ModuleOutline> modules;
  private final boolean complete;
  private final Map<String, List<Offer>> offers = new HashMap<>();
  private final Set<String> names = new HashSet<>();
  private final long commonSize;
  private final int haveCommonSize;

  /**
   * A set of {@code modules}.
   *
   * @param complete true if they are all modules of a kernel, so that none can come from elsewhere
   */
  public ModuleSet(List<ModuleOutline> modules, boolean complete) {
    this.modules = List.copyOf(modules);
    this.complete = complete;
    Map<Long, Integer> sizes = new TreeMap<>();
    int number = 0;
    for (ModuleOutline module : modules) {
      names.add(module.name());
      if (module.thisModuleSize() != 0) {
        sizes.merge(module.thisModuleSize(), 1, Integer::sum);
      }
      for (ModuleOutline.Export export : module.exports()) {
        offers
            .computeIfAbsent(export.name(), name -> new ArrayList<>(1))
            .add(new Offer(module, export, number++));
      }
    }
    long most = 0;
    int have = 0;
    for (Map.Entry<Long, Integer> size : sizes.entrySet()) {
      if (size.getValue() > have) {
        most = size.getKey();
        have = size.getValue();
      }
    }
    this.commonSize = most;
    this.haveCommonSize = have;
  }

  /** Returns the bytes that {@code struct module} has in most of them, 0 if in none. */
  public long thisModuleSize() {
    return commonSize;
  }

  /** Returns where {@link #thisModuleSize} comes from, in words. */
  public String thisModuleSizeSource() {
    return haveCommonSize + " of " + modules.size() + " modules checked";
  }

  /** Returns true if {@code module}, exporting by the kernel's list, can't come from elsewhere. */
  boolean lacks(String module) {
    return complete && !names.contains(module);
  }

  /** Returns what one of the modules exports as {@code name}, or null; at {@code base} or above. */
  @Nullable KernelSymbol find(String name, long base) {
    List<Offer> exporters = offers.get(name);
    if (exporters == null) {
      return null;
    }
    Offer offer = exporters.getFirst();
    ModuleOutline.Export export = offer.export;
    return new KernelSymbol(
        name,
        base + offer.number * 16L,
        export.crc(),
        export.gplOnly(),
        export.namespace(),
        offer.module.name(),
        0);
  }

  /** Complains of what {@code module} has in conflict with the others. */
  void check(ModuleOutline module, KernelIdentity kernel, Complaints complaints) {
    long size = module.thisModuleSize();
    if (kernel.thisModuleSize() == 0 && size != 0 && size != commonSize) {
      complaints.add(
          Errno.ENOEXEC,
          "section "
              + ModuleFile.THIS_MODULE
              + ": "
              + size
              + " bytes, "
              + commonSize
              + " bytes in "
              + thisModuleSizeSource());
    }
    for (ModuleOutline.Export export : module.exports()) {
      List<Offer> exporters = offers.get(export.name());
      if (exporters == null) {
        continue;
      }
      for (Offer other : exporters) {
        if (!other.module.name().equals(module.name())) {
          complaints.add(
              Errno.ENOEXEC,
              "exports symbol "
                  + export.name()
                  + ", which module "
                  + other.module.name()
                  + " exports too: "
                  + other.module.path());
        }
      }
    }
  }
}
