package io.linkout.link;

import io.linkout.elf.Elf;
import io.linkout.elf.ElfFile;
import io.linkout.elf.SymbolTable;
import io.linkout.modinfo.ModInfo;
import io.linkout.modinfo.ModuleName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a module needs of the kernel and of other modules: its undefined symbols, resolved in one
 * batch and each checked for licence, version and namespace as {@code kernel/module/main.c}:
 * resolve_symbol does (6.1).
 */
public final class Imports {
  /** Its CRC stands for the layout of {@code struct module} and more. */
  private static final String MODULE_LAYOUT = "module_layout";

  private final List<String> names = new ArrayList<>();
  private final List<Integer> symbols = new ArrayList<>();
  private final Map<String, KernelSymbol> found = new HashMap<>();
  private final Set<Long> dependencies = new LinkedHashSet<>();

  private Imports() {}

  /**
   * Returns the imports of {@code elf}, not resolved yet.
   *
   * @throws io.linkout.elf.MalformedElfException if it has no symbol table
   */
  static Imports of(ElfFile elf) {
    Imports imports = new Imports();
    SymbolTable table = elf.symbols();
    for (int i = 1; i < table.count(); i++) {
      if (table.section(i) == Elf.SHN_UNDEF) {
        String name = table.name(i);
        // The assembler leaves the latter behind; nothing refers to it (6.1: ignore_undef_symbol).
        if (!name.isEmpty() && !name.equals("_GLOBAL_OFFSET_TABLE_")) {
          imports.names.add(name);
          imports.symbols.add(i);
        }
      }
    }
    return imports;
  }

  /** Returns the names of all undefined symbols in the order of the file. */
  public List<String> names() {
    return names;
  }

  /** Returns what the kernel exports as {@code name}, null if nothing was found. */
  public @Nullable KernelSymbol find(String name) {
    return found.get(name);
  }

  /** Puts {@code address} in place of every symbol that is not weak and was not found. */
  void standIn(ElfFile elf, long[] values, long address) {
    for (int i = 0; i < names.size(); i++) {
      int index = symbols.get(i);
      if (!found.containsKey(names.get(i)) && elf.symbols().binding(index) != Elf.STB_WEAK) {
        values[index] = address;
      }
    }
  }

  /** Returns the load ids of the modules that symbols were found in. */
  public Set<Long> dependencies() {
    return dependencies;
  }

  /** Returns the names that {@link #resolve} asks for. */
  List<String> batch(Versions versions, boolean checkVersions) {
    if (!checkVersions || versions.crcOf(MODULE_LAYOUT) == null || names.contains(MODULE_LAYOUT)) {
      return names;
    }
    List<String> batch = new ArrayList<>(names);
    batch.add(MODULE_LAYOUT);
    return batch;
  }

  /**
   * Resolves all names in one batch, checks each, and puts the addresses into {@code values}; what
   * may not be used counts as not found. A weak symbol that is not found is 0, also where there are
   * modules whose exports nobody knows.
   */
  void resolve(
      ElfFile elf,
      Kernel kernel,
      ModInfo info,
      Versions versions,
      boolean checkVersions,
      ExportHints hints,
      long[] values,
      Complaints complaints) {
    List<String> batch = batch(versions, checkVersions);
    if (batch.isEmpty()) {
      return;
    }
    List<@Nullable KernelSymbol> answers = kernel.resolve(batch);
    UnknownExports unknown = kernel.unknownExports();
    Checker checker =
        new Checker(
            info, versions, checkVersions, info.all("import_ns"), hints, unknown, complaints);
    boolean unmet = false;
    for (int i = 0; i < names.size(); i++) {
      KernelSymbol symbol = answers.get(i);
      int index = symbols.get(i);
      boolean weak = elf.symbols().binding(index) == Elf.STB_WEAK;
      if (checker.usable(names.get(i), symbol, weak) && symbol != null) {
        values[index] = symbol.address();
        found.put(names.get(i), symbol);
        if (symbol.ownerLoadId() != 0) {
          dependencies.add(symbol.ownerLoadId());
        }
      }
      unmet |= symbol == null && !weak;
    }
    if (unmet) {
      complaints.addOnce(Errno.ENOENT, unknown.lines());
    }
    if (batch.size() > names.size()) {
      KernelSymbol symbol = answers.get(names.size());
      if (symbol != null) {
        checker.versionAgrees(symbol);
      }
    }
  }

  /** Decides about one symbol at a time and complains. */
  private record Checker(
      ModInfo info,
      Versions versions,
      boolean checkVersions,
      List<String> namespaces,
      ExportHints hints,
      UnknownExports unknown,
      Complaints complaints) {

    boolean usable(String name, @Nullable KernelSymbol symbol, boolean weak) {
      if (symbol == null) {
        if (!weak) {
          complaints.add(Errno.ENOENT, missing(name), unknownFailure(name, Errno.ENOENT));
        }
        return false;
      }
      if (symbol.gplOnly() && !info.gplCompatible()) {
        // To a proprietary module a GPL-only export is not there (6.1: find_symbol).
        if (!weak) {
          complaints.add(
              Errno.ENOENT,
              "unknown symbol "
                  + name
                  + ": exported by "
                  + owner(symbol)
                  + " to GPL-compatible modules only, and the licence is \""
                  + info.licence()
                  + "\"",
              unknownFailure(name, Errno.ENOENT));
        }
        return false;
      }
      return versionAgrees(symbol) && namespaceImported(symbol);
    }

    private String missing(String name) {
      String module = hints.moduleOf(name);
      if (module != null) {
        return "unknown symbol " + name + ": module " + module + " would export it";
      }
      return unknown.isEmpty()
          ? "unknown symbol " + name
          : "unknown symbol " + name + ": it may be that of " + unknown.names();
    }

    private static FailureCause unknownFailure(String name, Errno errno) {
      return new FailureCause(FailureCause.Kind.UNKNOWN_SYMBOL, name, errno.number(), "");
    }

    private static String owner(KernelSymbol symbol) {
      return symbol.owner().isEmpty() ? "the kernel" : "module " + symbol.owner();
    }

    /** An entry that is missing is let go, as Linux does: "Broken toolchain" (version.c). */
    boolean versionAgrees(KernelSymbol symbol) {
      Integer theirs = symbol.crc();
      Integer ours = checkVersions ? versions.crcOf(symbol.name()) : null;
      if (theirs == null || ours == null || theirs.equals(ours)) {
        return true;
      }
      complaints.add(
          Errno.ESRCH,
          "symbol "
              + symbol.name()
              + ": version "
              + hex(ours)
              + " in the module, "
              + hex(theirs)
              + " in "
              + owner(symbol),
          new FailureCause(FailureCause.Kind.VERSION_DISAGREES, symbol.name(), 0, ""));
      return false;
    }

    /**
     * Exports for named modules only are in a namespace {@code module:NAME,PREFIX*} that needs no
     * import (EXPORT_SYMBOL_FOR_MODULES, 6.16: verify_module_namespace).
     */
    private static boolean meant(String namespace, String module) {
      if (!namespace.startsWith("module:")) {
        return false;
      }
      String name = ModuleName.normalise(module);
      String list = ModuleName.normalise(namespace.substring("module:".length())) + ",";
      int from = 0;
      for (int comma = list.indexOf(','); comma >= 0; comma = list.indexOf(',', from)) {
        String entry = list.substring(from, comma);
        from = comma + 1;
        if (entry.endsWith("*")
            ? name.startsWith(entry.substring(0, entry.length() - 1))
            : name.equals(entry)) {
          return true;
        }
      }
      return false;
    }

    private boolean namespaceImported(KernelSymbol symbol) {
      String namespace = symbol.namespace();
      if (namespace.isEmpty()
          || namespaces.contains(namespace)
          || meant(namespace, info.getOrEmpty("name"))) {
        return true;
      }
      complaints.add(
          Errno.EINVAL,
          "symbol "
              + symbol.name()
              + ": in namespace "
              + namespace
              + ", which the module does not import (import_ns="
              + namespace
              + ")",
          new FailureCause(
              FailureCause.Kind.NAMESPACE_NOT_IMPORTED,
              symbol.name(),
              Errno.EINVAL.number(),
              namespace));
      return false;
    }
  }

  /** Returns a CRC as messages have it. */
  static String hex(int crc) {
    String digits = Integer.toHexString(crc);
    return "0x" + "0".repeat(8 - digits.length()) + digits;
  }
}
