package io.linkout.depmod;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Finds the modules of a tree, one of each name, and puts them in the order of the lists. */
final class TreeSearch {
  private final Path tree;
  private final String top;
  private final DepmodConfig config;
  private final Report report;
  private final Map<String, TreeModule> found = new LinkedHashMap<>(1 << 13);

  /** Searches {@code tree}, absolute, by {@code config}. */
  TreeSearch(Path tree, DepmodConfig config, Report report) {
    this.tree = tree;
    this.top = tree.toString();
    this.config = config;
    this.report = report;
  }

  /**
   * Returns all modules of the tree and of the external directories.
   *
   * @throws DepmodException if there is no such tree
   */
  List<TreeModule> all() {
    File directory = tree.toFile();
    if (!directory.isDirectory()) {
      String reason = directory.exists() ? "Not a directory" : "No such file or directory";
      report.error("could not open directory " + top + ": " + reason);
      throw new DepmodException("could not search modules: " + reason);
    }
    search(directory);
    for (String external : config.externals()) {
      File elsewhere = new File(external);
      if (elsewhere.isDirectory()) {
        search(elsewhere);
      } else {
        report.error("could not open directory " + external + ": No such file or directory");
      }
    }
    return sorted(new ArrayList<>(found.values()));
  }

  /**
   * Returns the modules at {@code files}.
   *
   * @throws DepmodException if one is not an absolute path of a file that is there
   */
  List<TreeModule> only(List<String> files) {
    for (String file : files) {
      if (!file.startsWith("/")) {
        throw new DepmodException(file + ": not absolute path.");
      }
      if (!new File(file).exists()) {
        throw new DepmodException(
            "could not create module " + file + ": No such file or directory");
      }
      TreeModule module = new TreeModule(Path.of(file), file, top);
      if (found.putIfAbsent(module.name(), module) != null) {
        throw new DepmodException("could not add module " + file + ": File exists");
      }
    }
    return sorted(new ArrayList<>(found.values()));
  }

  /** Depth first, in the order in which the directory has its entries: as kmod goes. */
  private void search(File directory) {
    String[] names = directory.list();
    if (names == null) {
      report.error("could not open directory " + directory + ": Permission denied");
      return;
    }
    for (String name : names) {
      if (config.excludes(name)) {
        continue;
      }
      File file = new File(directory, name);
      if (isModule(name)) {
        if (!file.isDirectory()) {
          add(file);
          continue;
        }
        search(file);
      } else if (mayBeDirectory(name) && file.isDirectory()) {
        search(file);
      }
    }
  }

  /** The lists themselves lie at the top: no need to ask the system what they are. */
  private static boolean mayBeDirectory(String name) {
    return !name.startsWith("modules.");
  }

  /** Returns true if {@code name} ends as a module's file does. */
  static boolean isModule(String name) {
    return name.endsWith(".ko")
        || name.endsWith(".ko.xz")
        || name.endsWith(".ko.zst")
        || name.endsWith(".ko.gz");
  }

  private void add(File file) {
    TreeModule module = new TreeModule(file.toPath(), file.getPath(), top);
    TreeModule known = found.get(module.name());
    if (known == null) {
      found.put(module.name(), module);
    } else if (!config.prefers(known, module, top)) {
      found.remove(module.name());
      found.put(module.name(), module);
    }
  }

  /** Sorts by {@code modules.order}; what it does not name comes last, in the order found. */
  private List<TreeModule> sorted(List<TreeModule> modules) {
    Map<String, TreeModule> byPath = new HashMap<>(modules.size() * 2);
    for (TreeModule module : modules) {
      String ordered = module.ordered();
      if (ordered != null) {
        byPath.put(ordered, module);
      }
    }
    List<String> lines = readOrder();
    int place = -lines.size();
    for (String line : lines) {
      TreeModule module = byPath.get(line);
      if (module != null) {
        module.order = place;
      }
      place++;
    }
    modules.sort(ORDER);
    for (int i = 0; i < modules.size(); i++) {
      modules.get(i).index = i;
    }
    return modules;
  }

  private static final Comparator<TreeModule> ORDER =
      new Comparator<>() {
        @Override
        public int compare(TreeModule a, TreeModule b) {
          return Integer.compare(a.order, b.order);
        }
      };

  private List<String> readOrder() {
    List<String> lines = new ArrayList<>(1 << 12);
    try (BufferedReader order =
        Files.newBufferedReader(tree.resolve("modules.order"), StandardCharsets.ISO_8859_1)) {
      for (String line = order.readLine(); line != null; line = order.readLine()) {
        lines.add(line);
      }
    } catch (IOException e) {
      report.warning("could not open modules.order at " + top + ": " + FactsReader.reason(e));
    }
    return lines;
  }
}
