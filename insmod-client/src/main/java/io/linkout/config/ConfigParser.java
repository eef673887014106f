package io.linkout.config;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads one file of modprobe.d ({@code modprobe.d(5)}). */
final class ConfigParser {
  private final String file;
  private final ModprobeConfig config;
  private String line = "";
  private int at;

  /** Reads {@code file}, named so in complaints, into {@code config}. */
  ConfigParser(String file, ModprobeConfig config) {
    this.file = file;
    this.config = config;
  }

  /** Reads {@code text}: a backslash at the end of a line joins it with the next. */
  void parse(String text) {
    int number = 0;
    int from = 0;
    StringBuilder joined = new StringBuilder();
    while (from < text.length()) {
      int newline = text.indexOf('\n', from);
      int end = newline < 0 ? text.length() : newline;
      number++;
      boolean goesOn = newline > from && text.charAt(end - 1) == '\\';
      joined.append(text, from, goesOn ? end - 1 : end);
      from = end + 1;
      if (!goesOn || from >= text.length()) {
        parseLine(joined.toString(), number);
        joined.setLength(0);
      }
    }
  }

  private void parseLine(String text, int number) {
    line = text;
    at = 0;
    if (text.startsWith("#")) {
      return;
    }
    String command = word();
    if (command == null) {
      return;
    }
    if (command.equals("include") || command.equals("config")) {
      config
          .complaints()
          .add(file + ": command " + command + " is deprecated and not parsed anymore");
    } else if (!take(command)) {
      config
          .complaints()
          .add(file + " line " + number + ": ignoring bad line starting with '" + command + "'");
    }
  }

  /** Returns false if the line does not say what {@code command} needs. */
  private boolean take(String command) {
    String first = word();
    String name = first == null ? null : AliasName.normalise(first);
    if (name == null) {
      return false;
    }
    if (command.equals("blacklist")) {
      config.blacklist().add(name);
      return true;
    }
    if (command.equals("alias")) {
      String second = word();
      String module = second == null ? null : AliasName.normalise(second);
      return module != null && config.aliases().add(new ModprobeConfig.Alias(name, module));
    }
    String rest = rest();
    if (rest.isEmpty()) {
      return false;
    }
    return switch (command) {
      case "options" ->
          config.options().add(new ModprobeConfig.Options(name, rest.replace('\t', ' ')));
      case "install" -> config.installs().add(new ModprobeConfig.ShellCommand(name, rest));
      case "remove" -> config.removes().add(new ModprobeConfig.ShellCommand(name, rest));
      case "softdep" -> config.softDependencies().add(softDependency(name));
      case "weakdep" ->
          config.weakDependencies().add(new ModprobeConfig.WeakDependency(name, words()));
      default -> false;
    };
  }

  private ModprobeConfig.SoftDependency softDependency(String name) {
    List<String> before = new ArrayList<>();
    List<String> after = new ArrayList<>();
    List<String> current = null;
    for (String word : words()) {
      if (word.equals("pre:")) {
        current = before;
      } else if (word.equals("post:")) {
        current = after;
      } else if (current != null) {
        current.add(word);
      }
    }
    return new ModprobeConfig.SoftDependency(name, before, after);
  }

  private static boolean isBlank(char c) {
    return c == ' ' || c == '\t';
  }

  /** Returns the next word, or null; goes past one blank after it, as strtok does. */
  private @Nullable String word() {
    while (at < line.length() && isBlank(line.charAt(at))) {
      at++;
    }
    int from = at;
    while (at < line.length() && !isBlank(line.charAt(at))) {
      at++;
    }
    if (from == at) {
      return null;
    }
    String word = line.substring(from, at);
    at = Math.min(at + 1, line.length());
    return word;
  }

  /** Returns what follows, as it is. */
  private String rest() {
    return line.substring(at);
  }

  private List<String> words() {
    List<String> words = new ArrayList<>();
    for (String word = word(); word != null; word = word()) {
      words.add(word);
    }
    return words;
  }
}
