package io.linkout.config;

import io.linkout.modinfo.ModInfo;
import io.linkout.modinfo.ModuleName;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What depmod wrote about a module tree, in its text form, kmod's or our own. Each question reads
 * the list it is about once more: a command asks few.
 *
 * <p>All names are with underscores. A list that is not there has nothing in it.
 */
public final class ModuleIndexes {
  /**
   * A module's line in {@code modules.dep}.
   *
   * @param path as written: relative to the tree, or absolute
   * @param needed paths of all modules it needs, in the order to load them
   */
  public record Dependencies(String path, List<String> needed) {}

  /**
   * A line of {@code modules.alias} or {@code modules.symbols}.
   *
   * @param alias may be a pattern
   */
  public record Alias(String alias, String module) {}

  private final Path directory;

  /** The lists in {@code directory}, such as {@code /lib/modules/RELEASE}. */
  public ModuleIndexes(Path directory) {
    this.directory = directory;
  }

  /** Returns where the lists lie. */
  public Path directory() {
    return directory;
  }

  /** Returns true if depmod has run here. */
  public boolean present() {
    return Files.isReadable(directory.resolve("modules.dep"));
  }

  /** Returns the line of {@code name} in {@code modules.dep}, or null. */
  public @Nullable Dependencies dependencies(String name) throws IOException {
    TextLines lines = TextLines.read(directory.resolve("modules.dep"));
    while (lines.next()) {
      int colon = lines.find(':', lines.start());
      if (colon > 0 && lines.isModule(name, colon)) {
        List<String> needed = new ArrayList<>();
        for (int at = colon + 1; at < lines.end(); ) {
          int blank = lines.find(' ', at);
          int end = blank < 0 ? lines.end() : blank;
          if (end > at) {
            // what is needed most directly comes first in the file, and last to be loaded
            needed.addFirst(lines.text(at, end));
          }
          at = end + 1;
        }
        return new Dependencies(lines.text(lines.start(), colon), List.copyOf(needed));
      }
    }
    return null;
  }

  /** Returns the path of the module with that build id by {@code modules.buildid}, or null. */
  public @Nullable String pathOfBuildId(String buildId) throws IOException {
    TextLines lines = TextLines.read(directory.resolve("modules.buildid"));
    String beginning = buildId + " ";
    while (lines.next()) {
      if (lines.has(beginning, lines.start())) {
        return lines.text(lines.start() + beginning.length(), lines.end());
      }
    }
    return null;
  }

  /** Returns the modules that {@code alias} stands for by {@code modules.alias}, in its order. */
  public List<String> modulesOf(String alias) throws IOException {
    return matches("modules.alias", alias);
  }

  /** Returns the modules that export a symbol, by {@code modules.symbols}. */
  public List<String> exportersOf(String symbolAlias) throws IOException {
    return matches("modules.symbols", symbolAlias);
  }

  private List<String> matches(String list, String key) throws IOException {
    List<String> modules = new ArrayList<>();
    TextLines lines = TextLines.read(directory.resolve(list));
    while (lines.next()) {
      int from = lines.start() + ALIAS.length();
      if (!lines.has(ALIAS, lines.start())) {
        continue;
      }
      int end = lines.findLast(' ');
      if (end > from && lines.mayMatch(key, from, end)) {
        String pattern = AliasName.normalise(lines.text(from, end));
        if (pattern != null && Glob.matches(pattern, key)) {
          modules.add(lines.text(end + 1, lines.end()));
        }
      }
    }
    return modules;
  }

  private static final String ALIAS = "alias ";

  /** Returns true if {@code modules.builtin} has {@code name}. */
  public boolean isBuiltin(String name) throws IOException {
    TextLines lines = TextLines.read(directory.resolve("modules.builtin"));
    while (lines.next()) {
      if (lines.isModule(name, lines.end())) {
        return true;
      }
    }
    return false;
  }

  /**
   * Returns the built-in modules that {@code alias} stands for: by {@code modules.builtin.alias},
   * else by {@code modules.builtin.modinfo}, entries {@code module.key=value} ended by NUL ({@code
   * scripts/mod/modpost.c}, 6.1).
   */
  public List<String> builtinsOf(String alias) throws IOException {
    if (Files.isReadable(directory.resolve("modules.builtin.alias"))) {
      return matches("modules.builtin.alias", alias);
    }
    List<String> modules = new ArrayList<>();
    byte[] entries;
    try {
      entries = Files.readAllBytes(directory.resolve("modules.builtin.modinfo"));
    } catch (NoSuchFileException e) {
      return modules;
    }
    int from = 0;
    for (int i = 0; i < entries.length; i++) {
      if (entries[i] == 0) {
        addBuiltin(new String(entries, from, i - from, StandardCharsets.UTF_8), alias, modules);
        from = i + 1;
      }
    }
    return modules;
  }

  /** Returns what {@code modules.builtin.modinfo} says of the built-in module {@code name}. */
  public List<ModInfo.Entry> builtinInfo(String name) throws IOException {
    List<ModInfo.Entry> info = new ArrayList<>();
    String text;
    try {
      text =
          new String(
              Files.readAllBytes(directory.resolve("modules.builtin.modinfo")),
              StandardCharsets.ISO_8859_1);
    } catch (NoSuchFileException e) {
      return info;
    }
    int from = 0;
    for (int end = text.indexOf('\0'); end >= 0; end = text.indexOf('\0', from)) {
      int dot = text.indexOf('.', from);
      int equals = text.indexOf('=', from);
      if (dot > from
          && dot < equals
          && equals < end
          && ModuleName.normalise(text.substring(from, dot)).equals(name)) {
        info.add(
            new ModInfo.Entry(text.substring(dot + 1, equals), text.substring(equals + 1, end)));
      }
      from = end + 1;
    }
    return info;
  }

  private static void addBuiltin(String entry, String alias, List<String> modules) {
    int dot = entry.indexOf('.');
    if (dot > 0 && entry.startsWith(".alias=", dot)) {
      String pattern = AliasName.normalise(entry.substring(dot + ".alias=".length()));
      if (pattern != null && Glob.matches(pattern, alias)) {
        modules.add(entry.substring(0, dot).replace('-', '_'));
      }
    }
  }

  /** Returns {@code modules.alias}, sorted by alias. */
  public List<Alias> aliases() throws IOException {
    return sorted("modules.alias");
  }

  /** Returns {@code modules.symbols}, sorted by symbol; each begins with {@code symbol:}. */
  public List<Alias> symbols() throws IOException {
    return sorted("modules.symbols");
  }

  /** As kmod's binary index has them: by key in byte order, then as in the list. */
  private List<Alias> sorted(String list) throws IOException {
    List<Alias> all = new ArrayList<>();
    TextLines lines = TextLines.read(directory.resolve(list));
    while (lines.next()) {
      int from = lines.start() + ALIAS.length();
      int end = lines.findLast(' ');
      if (lines.has(ALIAS, lines.start()) && end > from) {
        String alias = AliasName.normalise(lines.text(from, end));
        if (alias != null) {
          all.add(new Alias(alias, lines.text(end + 1, lines.end())));
        }
      }
    }
    all.sort(Comparator.comparing(Alias::alias));
    return all;
  }
}
