package io.linkout.link;

import org.jspecify.annotations.Nullable;

/**
 * What fix-ups may know: a relocated image, the kernel it is for, and the symbols it imports.
 *
 * @param values value of each symbol, as relocations used them
 */
@SuppressWarnings("ArrayRecordComponent")
public record FixupContext(
    ModuleImage image, KernelIdentity kernel, Imports imports, long[] values) {
  /** Returns the index of the loaded section called {@code name}, 0 if there is none. */
  public int section(String name) {
    int section = image.plan().elf().sections().find(name);
    return section != 0 && image.plan().layout().isLoaded(section) ? section : 0;
  }

  /** Returns the address of the imported symbol {@code name}, or null if it is not imported. */
  public @Nullable Long imported(String name) {
    KernelSymbol symbol = imports.find(name);
    return symbol == null ? null : symbol.address();
  }

  /** Returns true if the CPU has {@code feature}, a bit number in its x86_capability words. */
  public boolean hasFeature(int feature) {
    int word = feature >>> 5;
    return word < kernel.features().size()
        && (kernel.features().get(word) >>> (feature & 31) & 1) != 0;
  }
}
