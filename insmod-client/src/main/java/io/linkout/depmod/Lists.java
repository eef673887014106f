package io.linkout.depmod;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The text files that modprobe reads, line for line as kmod writes them. */
public final class Lists {
  private final List<TreeModule> modules;
  private final SymbolOwners owners;
  private final DependencyGraph graph;
  private final Report report;
  private final boolean duplicates;

  Lists(
      List<TreeModule> modules,
      SymbolOwners owners,
      DependencyGraph graph,
      Report report,
      boolean duplicates) {
    this.modules = modules;
    this.owners = owners;
    this.graph = graph;
    this.report = report;
    this.duplicates = duplicates;
  }

  /**
   * Writes all of them into {@code directory}, each at once: who reads one meanwhile reads the old
   * one or the new one.
   *
   * @throws DepmodException if one can't be written
   */
  public void write(Path directory) {
    try {
      ListFile file = new ListFile(directory);
      dependencies(file);
      file.save("modules.dep");
      checkAliases();
      aliases(file);
      file.save("modules.alias");
      softdeps(file);
      file.save("modules.softdep");
      weakdeps(file);
      file.save("modules.weakdep");
      symbols(file);
      file.save("modules.symbols");
      devnames(file);
      file.save("modules.devname");
      buildIds(file);
      file.save("modules.buildid");
    } catch (IOException e) {
      throw new DepmodException("could not write to " + directory + ": " + FactsReader.reason(e));
    }
  }

  /** Returns what {@code -n} shows: the files kmod 30 has, one after the other. */
  public byte[] show() {
    ListFile file = new ListFile(Path.of(""));
    dependencies(file);
    aliases(file);
    softdeps(file);
    symbols(file);
    devnames(file);
    return file.bytes();
  }

  private void dependencies(ListFile file) {
    for (TreeModule module : modules) {
      file.text(module.listed()).text(":");
      if (module.needs.length > 0) {
        int[] needed = graph.closure(module);
        for (int i = 0; i < graph.count(); i++) {
          file.text(" ").text(modules.get(needed[i]).listed());
        }
      }
      file.text("\n");
    }
  }

  private void aliases(ListFile file) {
    file.text("# Aliases extracted from modules themselves.\n");
    for (TreeModule module : modules) {
      for (String alias : Depmod.facts(module).aliases()) {
        file.text("alias ").latin1(alias).text(" ").text(module.name()).text("\n");
      }
    }
  }

  private void softdeps(ListFile file) {
    file.text("# Soft dependencies extracted from modules themselves.\n");
    for (TreeModule module : modules) {
      for (String value : Depmod.facts(module).softdeps()) {
        file.text("softdep ").text(module.name()).text(" ").latin1(value).text("\n");
      }
    }
  }

  private void weakdeps(ListFile file) {
    file.text("# Weak dependencies extracted from modules themselves.\n");
    for (TreeModule module : modules) {
      for (String value : Depmod.facts(module).weakdeps()) {
        file.text("weakdep ").text(module.name()).text(" ").latin1(value).text("\n");
      }
    }
  }

  private void symbols(ListFile file) {
    file.text("# Aliases for symbols, used by symbol_request().\n");
    NameList names = owners.names();
    for (int i = 0; i < owners.size(); i++) {
      int owner = owners.owner(i);
      if (owner != SymbolOwners.KERNEL) {
        file.text("alias symbol:")
            .bytes(names.text(), names.start(i), names.length(i))
            .text(" ")
            .text(modules.get(owner).name())
            .text("\n");
      }
    }
  }

  private void devnames(ListFile file) {
    boolean empty = true;
    for (TreeModule module : modules) {
      DeviceName device = DeviceName.of(Depmod.facts(module).aliases());
      if (device == null) {
        continue;
      }
      String numbers = device.numbers();
      if (numbers == null) {
        report.error(
            "Module '"
                + module.name()
                + "' has devname ("
                + device.name()
                + ") but lacks major and minor information. Ignoring.");
        continue;
      }
      if (empty) {
        file.text("# Device nodes to trigger on-demand module loading.\n");
        empty = false;
      }
      file.text(module.name()).text(" ").latin1(device.name()).text(" ").text(numbers).text("\n");
    }
  }

  /**
   * What kmod has no list for: which file has which build id, so that it is found without names.
   */
  private void buildIds(ListFile file) {
    List<String> lines = new ArrayList<>(modules.size());
    for (TreeModule module : modules) {
      String id = Depmod.facts(module).buildId();
      if (id != null) {
        lines.add(id + " " + module.listed());
      }
    }
    Collections.sort(lines);
    for (String line : lines) {
      file.text(line).text("\n");
    }
  }

  /** Says which aliases no lookup can use, and, if asked, which a module has twice. */
  private void checkAliases() {
    Set<String> seen = new HashSet<>();
    for (TreeModule module : modules) {
      seen.clear();
      for (String alias : Depmod.facts(module).aliases()) {
        boolean brackets = alias.indexOf('[') >= 0 || alias.indexOf(']') >= 0;
        if (!brackets && !duplicates) {
          continue;
        }
        String normal = normal(alias);
        if (normal == null) {
          report.warning("Unmatched bracket in " + alias);
        } else if (duplicates && !seen.add(normal)) {
          report.warning("duplicate module alias:\n" + normal + " " + module.name());
        }
      }
    }
  }

  /**
   * Returns {@code alias} with underscores for dashes outside brackets; null if one is unmatched.
   */
  private static @Nullable String normal(String alias) {
    StringBuilder text = new StringBuilder(alias.length());
    int at = 0;
    while (at < alias.length()) {
      char c = alias.charAt(at);
      if (c == ']') {
        return null;
      }
      if (c == '[') {
        int end = alias.indexOf(']', at);
        if (end < 0) {
          return null;
        }
        text.append(alias, at, end + 1);
        at = end + 1;
      } else {
        text.append(c == '-' ? '_' : c);
        at++;
      }
    }
    return text.toString();
  }
}
