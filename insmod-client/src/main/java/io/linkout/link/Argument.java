package io.linkout.link;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One word of a module's command line.
 *
 * @param name as typed
 * @param value null if there was no {@code =}
 */
record Argument(String name, @Nullable String value) {

  /**
   * Splits a command line as {@code lib/cmdline.c}: next_arg does (6.1): at white space outside
   * quotes; the first {@code =} ends the name; quotes around a value or a whole word are dropped,
   * those inside stay. {@code --} ends the line, as in {@code kernel/params.c}: parse_args.
   */
  static List<Argument> split(String line) {
    List<Argument> words = new ArrayList<>();
    int at = skipSpaces(line, 0);
    while (at < line.length()) {
      int end = wordEnd(line, at);
      Argument word = parse(line.substring(at, end));
      if (word.value == null && word.name.equals("--")) {
        break;
      }
      words.add(word);
      at = skipSpaces(line, end);
    }
    return words;
  }

  private static int skipSpaces(String line, int from) {
    int at = from;
    while (at < line.length() && isSpace(line.charAt(at))) {
      at++;
    }
    return at;
  }

  private static boolean isSpace(char c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
  }

  private static int wordEnd(String line, int from) {
    boolean quoted = false;
    int at = from;
    for (; at < line.length() && (quoted || !isSpace(line.charAt(at))); at++) {
      if (line.charAt(at) == '"') {
        quoted = !quoted;
      }
    }
    return at;
  }

  private static Argument parse(String typed) {
    String word = typed;
    boolean quoted = word.startsWith("\"");
    if (quoted) {
      word = word.substring(1);
      word = dropLastQuote(word);
    }
    // As Linux, an = in front is part of the name.
    int equals = word.indexOf('=', 1);
    if (equals < 0) {
      return new Argument(word, null);
    }
    String value = word.substring(equals + 1);
    if (value.startsWith("\"")) {
      value = dropLastQuote(value.substring(1));
    }
    return new Argument(word.substring(0, equals), value);
  }

  private static String dropLastQuote(String text) {
    return text.endsWith("\"") ? text.substring(0, text.length() - 1) : text;
  }
}
