package io.linkout.config;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a kernel's command line says to modprobe: {@code MODULE.PARAMETER=VALUE} is an option,
 * {@code modprobe.blacklist=A,B} a blacklist ({@code libkmod/libkmod-config.c}, 30).
 */
final class KernelCommandLine {
  private KernelCommandLine() {}

  /** Reads {@code line} into {@code config}. */
  static void parse(String line, ModprobeConfig config) {
    int newline = line.indexOf('\n');
    String text = newline < 0 ? line : line.substring(0, newline);
    int from = 0;
    boolean quoted = false;
    for (int i = 0; i <= text.length(); i++) {
      if (i < text.length() && text.charAt(i) == '"') {
        quoted = !quoted;
      } else if (i == text.length() || (text.charAt(i) == ' ' && !quoted)) {
        if (i > from) {
          word(text.substring(from, i), config);
        }
        from = i + 1;
      }
    }
  }

  private static void word(String typed, ModprobeConfig config) {
    // a boot loader quotes the whole word where the module needs its value quoted
    boolean whole = typed.startsWith("\"");
    String word = whole ? typed.substring(1) : typed;
    int equals = word.indexOf('=');
    if (equals < 0) {
      return;
    }
    String left = word.substring(0, equals);
    int dot = left.indexOf('.');
    if (dot <= 0 || dot + 1 == left.length()) {
      return;
    }
    String module = AliasName.normalise(left.substring(0, dot));
    if (module == null) {
      return;
    }
    String parameter = left.substring(dot + 1);
    String value = word.substring(equals + 1);
    if (module.equals("modprobe") && parameter.equals("blacklist")) {
      blacklist(whole ? unquoted(value) : value, config.blacklist());
      return;
    }
    String assigned = whole ? '"' + value : value;
    config.options().add(new ModprobeConfig.Options(module, parameter + "=" + assigned));
  }

  private static void blacklist(String names, List<String> blacklist) {
    int from = 0;
    while (from <= names.length()) {
      int comma = names.indexOf(',', from);
      int end = comma < 0 ? names.length() : comma;
      @Nullable String name = AliasName.normalise(names.substring(from, end));
      if (name != null && !name.isEmpty()) {
        blacklist.add(name);
      }
      from = end + 1;
    }
  }

  private static String unquoted(String value) {
    return value.endsWith("\"") ? value.substring(0, value.length() - 1) : value;
  }
}
