package io.linkout.kernel.api.image;

import io.linkout.kernel.api.FunctionTable;
import io.linkout.kernel.api.FunctionTable.Licence;
import io.linkout.kernel.api.KernelExport;
import io.linkout.kernel.api.KernelExport.Behaviour;
import io.linkout.kernel.api.LocalSymbol;
import io.linkout.kernel.cpu.Cpu;
import io.linkout.kernel.cpu.GuestLayout;
import io.linkout.kernel.personality.Personality;
import io.linkout.kernel.personality.SymbolVersion;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The kernel in the guest's address space: what it provides, and what of that it exports. */
public final class KernelImage {
  /** Names that begin so are the kernel's own business. */
  private static final String INTERNAL = "linkout_";

  private final SymbolBook symbols = new SymbolBook();
  private final Poison poison = new Poison();
  private final AbsentSymbols absent = new AbsentSymbols();
  private final Cpu cpu;
  private final Arena arena;
  private final KernelText text;
  private final KernelData data;
  private final PercpuArea percpu;

  /** Begins an image; its memory lives as long as {@code arena}. */
  public KernelImage(Cpu cpu, Arena arena) {
    this.cpu = cpu;
    this.arena = arena;
    text = new KernelText(symbols);
    data = new KernelData(symbols, cpu.memory(), poison, arena);
    percpu = new PercpuArea(symbols, cpu.memory(), arena);
    cpu.gsBase(GuestLayout.PERCPU);
  }

  /** Returns where functions are declared; until {@link #seal}. */
  public FunctionTable text() {
    return text;
  }

  /** Returns where variables are declared; until {@link #seal}. */
  public KernelData data() {
    return data;
  }

  /** Returns the per-CPU area. */
  public PercpuArea percpu() {
    return percpu;
  }

  /** Returns what is provided, by name and address. */
  public SymbolBook symbols() {
    return symbols;
  }

  /** Returns the values that stand for what is not modelled. */
  public Poison poison() {
    return poison;
  }

  /**
   * Maps the text and returns what {@code personality} exports of all this, by name, absent symbols
   * included. Addresses of absent ones are given in that order, so that neighbours in the export
   * table have addresses close together.
   *
   * @param names whether the image itself keeps names for its addresses
   */
  public List<KernelExport> seal(Personality personality, boolean names) {
    text.map(cpu, arena);
    List<KernelExport> exports = new ArrayList<>();
    if (personality.fromHeaders()) {
      for (SymbolVersion version : personality.exports()) {
        exports.add(export(version, personality.modversions()));
      }
    } else {
      for (ProvidedSymbol symbol : symbols.all()) {
        if (symbol.name().startsWith(INTERNAL)) {
          continue;
        }
        exports.add(
            new KernelExport(
                symbol.name(),
                symbol.address(),
                null,
                symbol.licence() == Licence.GPL,
                "",
                symbol.behaviour()));
      }
    }
    symbols.seal(names);
    exports.sort(Comparator.comparing(KernelExport::name));
    return exports;
  }

  /** Returns what is provided and not among what {@code personality} exports; before sealing. */
  public List<LocalSymbol> locals(Personality personality) {
    Set<String> exported = new HashSet<>();
    for (SymbolVersion version : personality.exports()) {
      exported.add(version.name());
    }
    List<LocalSymbol> locals = new ArrayList<>();
    for (ProvidedSymbol symbol : symbols.all()) {
      boolean isExported =
          personality.fromHeaders()
              ? exported.contains(symbol.name())
              : !symbol.name().startsWith(INTERNAL);
      if (!isExported && !symbol.perCpu()) {
        locals.add(new LocalSymbol(symbol.name(), symbol.address()));
      }
    }
    return locals;
  }

  private KernelExport export(SymbolVersion version, boolean modversions) {
    Optional<ProvidedSymbol> symbol = symbols.named(version.name());
    return new KernelExport(
        version.name(),
        symbol.map(ProvidedSymbol::address).orElseGet(() -> absent.next(version.name())),
        modversions ? Integer.valueOf(version.crc()) : null,
        version.gplOnly(),
        version.namespace(),
        symbol.map(ProvidedSymbol::behaviour).orElse(Behaviour.ABSENT));
  }

  /** Returns which addresses are those of absent exports. */
  public AbsentSymbols absent() {
    return absent;
  }
}
