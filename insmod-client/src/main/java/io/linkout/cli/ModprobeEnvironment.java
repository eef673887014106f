package io.linkout.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What modprobe takes from its environment and its words, and hands on to commands. */
final class ModprobeEnvironment {
  /** File with a kernel's command line. */
  private static final String COMMAND_LINE = "LINKOUT_CMDLINE";

  private static final String OPTIONS = "MODPROBE_OPTIONS";

  private ModprobeEnvironment() {}

  /**
   * Returns the words of {@code options} before those typed: words end at blanks outside quotes of
   * either kind, which are dropped.
   */
  static String[] prepend(@Nullable String options, String[] typed) {
    if (options == null) {
      return typed;
    }
    List<String> words = new ArrayList<>();
    StringBuilder word = new StringBuilder();
    boolean some = false;
    char quote = 0;
    for (int i = 0; i <= options.length(); i++) {
      char c = i < options.length() ? options.charAt(i) : ' ';
      if (quote != 0 && i < options.length()) {
        if (c == quote) {
          quote = 0;
        } else {
          word.append(c);
        }
      } else if (c == ' ') {
        if (some) {
          words.add(word.toString());
        }
        word.setLength(0);
        some = false;
      } else {
        some = true;
        if (c == '"' || c == '\'') {
          quote = c;
        } else {
          word.append(c);
        }
      }
    }
    words.addAll(List.of(typed));
    return words.toArray(String[]::new);
  }

  /**
   * Returns the file with the kernel's command line, or null: {@code $LINKOUT_CMDLINE}, else {@code
   * proc/cmdline} below a root that is not the host's own. The host's is never read by itself: it
   * is not the command line of the simulated kernel.
   */
  static @Nullable Path commandLine(Path root, Map<String, String> environment) {
    String file = environment.get(COMMAND_LINE);
    if (file != null && !file.isEmpty()) {
      return Path.of(file);
    }
    Path absolute = root.toAbsolutePath().normalize();
    return absolute.getNameCount() == 0 ? null : absolute.resolve("proc/cmdline");
  }

  /**
   * Returns what {@code install} and {@code remove} commands find in their environment: options
   * that hold for every modprobe they run, and where kernel and tree are.
   */
  static Map<String, String> ofCommands(Arguments arguments, Map<String, String> environment) {
    Map<String, String> changed = new HashMap<>();
    StringBuilder options = new StringBuilder();
    String old = environment.get(OPTIONS);
    if (old != null) {
      options.append(old);
    }
    for (String config : arguments.values("config")) {
      append(options, "-C");
      append(options, config.indexOf(' ') < 0 ? config : '"' + config + '"');
    }
    if (arguments.has("syslog")) {
      append(options, "-s");
    }
    if (arguments.has("quiet")) {
      append(options, "-q");
    }
    if (arguments.has("verbose")) {
      append(options, "-v");
    }
    if (!options.isEmpty()) {
      changed.put(OPTIONS, options.toString());
    }
    put(changed, "LINKOUT_SOCKET", arguments.value("socket"));
    put(changed, "LINKOUT_MODULES", arguments.value("dirname"));
    return changed;
  }

  private static void put(Map<String, String> changed, String name, @Nullable String value) {
    if (value != null) {
      changed.put(name, value);
    }
  }

  private static void append(StringBuilder options, String word) {
    if (!options.isEmpty()) {
      options.append(' ');
    }
    options.append(word);
  }

  /**
   * Returns the parameters typed after a module's name as one line: values with blanks are quoted
   * again, since the shell took their quotes.
   */
  static String parameters(List<String> words) {
    StringBuilder line = new StringBuilder();
    for (String word : words) {
      int value = word.indexOf('=') + 1;
      boolean quote =
          value > 0
              && word.indexOf(' ', value) >= 0
              && !word.startsWith("\"", value)
              && !word.startsWith("'", value);
      append(line, quote ? word.substring(0, value) + '"' + word.substring(value) + '"' : word);
    }
    return line.toString();
  }
}
