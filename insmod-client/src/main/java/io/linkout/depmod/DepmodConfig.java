package io.linkout.depmod;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.StringTokenizer;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * depmod.d: where modules are searched for, and which of two of one name wins ({@code
 * depmod.d(5)}). Files of a name in an earlier directory hide those of that name in a later one;
 * all are read in the order of their names.
 */
final class DepmodConfig {
  /** Where kmod looks, in this order. */
  private static final String[] DEFAULT = {
    "/run/depmod.d", "/etc/depmod.d", "/usr/local/lib/depmod.d", "/lib/depmod.d"
  };

  /** A word of a {@code search} line that stands for all directories not named. */
  static final String BUILT_IN = "built-in";

  /** A word of a {@code search} line that stands for the directories of {@code external} lines. */
  static final String EXTERNAL = "external";

  private final String release;
  private final Report report;
  private final List<String> searches = new ArrayList<>();
  private final List<String> overrides = new ArrayList<>();
  private final List<String> externals = new ArrayList<>();
  private final List<String> excludes = new ArrayList<>();

  private DepmodConfig(String release, Report report) {
    this.release = release;
    this.report = report;
  }

  /** Reads the configuration for {@code release}; {@code paths} empty for the system's. */
  static DepmodConfig read(List<Path> paths, String release, Report report) {
    DepmodConfig config = new DepmodConfig(release, report);
    Map<String, File> files = new TreeMap<>();
    if (paths.isEmpty()) {
      for (String path : DEFAULT) {
        config.list(new File(path), files);
      }
    }
    for (Path path : paths) {
      config.list(path.toFile(), files);
    }
    for (File file : files.values()) {
      config.parse(file.toPath());
    }
    if (config.searches.isEmpty()) {
      config.searches.add("updates");
    }
    return config;
  }

  private void list(File path, Map<String, File> files) {
    if (!path.isDirectory()) {
      if (path.exists()) {
        files.putIfAbsent(path.getName(), path);
      }
      return;
    }
    String[] names = path.list();
    if (names == null) {
      report.error("files list " + path + ": Permission denied");
      return;
    }
    Arrays.sort(names);
    for (String name : names) {
      if (name.startsWith(".") || name.length() < 6 || !name.endsWith(".conf")) {
        continue;
      }
      File file = new File(path, name);
      if (file.isDirectory()) {
        report.error("Directories inside directories are not supported: " + path + "/" + name);
      } else {
        files.putIfAbsent(name, file);
      }
    }
  }

  private void parse(Path file) {
    int number = 0;
    try (BufferedReader lines = Files.newBufferedReader(file, StandardCharsets.ISO_8859_1)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        number++;
        while (line.endsWith("\\")) {
          String more = lines.readLine();
          number++;
          line = line.substring(0, line.length() - 1) + (more == null ? "" : more);
        }
        if (!line.startsWith("#")) {
          parse(new StringTokenizer(line, "\t "), file + ":" + number);
        }
      }
    } catch (IOException e) {
      report.error("file parse " + file + ": " + FactsReader.reason(e));
    }
  }

  private void parse(StringTokenizer words, String place) {
    if (!words.hasMoreTokens()) {
      return;
    }
    String command = words.nextToken();
    boolean understood =
        switch (command) {
          case "search" -> search(words);
          case "override" -> override(words);
          case "external" -> external(words);
          case "exclude" -> exclude(words);
          case "include", "make_map_files" -> true;
          default -> false;
        };
    if (!understood) {
      report.error(place + ": ignoring bad line starting with '" + command + "'");
    }
  }

  private boolean search(StringTokenizer words) {
    while (words.hasMoreTokens()) {
      searches.addFirst(words.nextToken());
    }
    return true;
  }

  private boolean exclude(StringTokenizer words) {
    while (words.hasMoreTokens()) {
      excludes.add(words.nextToken());
    }
    return true;
  }

  private boolean override(StringTokenizer words) {
    if (words.countTokens() < 3) {
      return false;
    }
    String name = words.nextToken();
    if (matches(words.nextToken())) {
      overrides.addFirst(words.nextToken() + "/" + name);
    }
    return true;
  }

  private boolean external(StringTokenizer words) {
    if (words.countTokens() < 2) {
      return false;
    }
    if (matches(words.nextToken())) {
      externals.addFirst(words.nextToken());
    }
    return true;
  }

  private boolean matches(String pattern) {
    if (pattern.equals("*")) {
      return true;
    }
    try {
      return Pattern.compile(pattern).matcher(release).find();
    } catch (PatternSyntaxException e) {
      return false;
    }
  }

  /** Returns the directories of {@code external} lines, the last line's first. */
  List<String> externals() {
    return externals;
  }

  /** Returns true if directories and files called {@code name} are passed over. */
  boolean excludes(String name) {
    return name.equals("build") || name.equals("source") || excludes.contains(name);
  }

  /**
   * Returns true if {@code known} stays when {@code found}, of the same name, turns up after it.
   *
   * @param tree absolute path that {@code search} and {@code override} lines are relative to
   */
  boolean prefers(TreeModule known, TreeModule found, String tree) {
    String old = inTree(known.stem(), tree);
    String fresh = inTree(found.stem(), tree);
    for (String override : overrides) {
      if (override.equals(fresh)) {
        return false;
      }
      if (override.equals(old)) {
        return true;
      }
    }
    // as depmod.c counts: later lines are nearer the front, and a larger number wins
    int builtIn = -1;
    int oldRank = -1;
    int freshRank = -1;
    int rank = 0;
    for (String search : searches) {
      if (search.equals(BUILT_IN)) {
        builtIn = rank;
      } else if (search.equals(EXTERNAL)) {
        for (String external : externals) {
          freshRank = found.stem().startsWith(external + "/") ? rank : freshRank;
          oldRank = known.stem().startsWith(external + "/") ? rank : oldRank;
          rank++;
        }
      } else if (below(fresh, search)) {
        freshRank = rank;
      } else if (below(old, search)) {
        oldRank = rank;
      }
      rank++;
    }
    return (freshRank < 0 ? builtIn : freshRank) <= (oldRank < 0 ? builtIn : oldRank);
  }

  private static boolean below(@Nullable String path, String directory) {
    return path != null
        && path.length() > directory.length()
        && path.charAt(directory.length()) == '/'
        && path.startsWith(directory);
  }

  private static @Nullable String inTree(String stem, String tree) {
    return stem.startsWith(tree + "/") ? stem.substring(tree.length() + 1) : null;
  }
}
