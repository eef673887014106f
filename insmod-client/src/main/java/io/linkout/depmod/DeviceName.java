package io.linkout.depmod;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A device node that a module makes when it is opened.
 *
 * @param name below /dev
 * @param numbers {@code c10:229} or {@code b7:0}, null if the module does not say
 */
record DeviceName(String name, @Nullable String numbers) {
  /** Returns the node that {@code aliases} are about, or null: the first of which all is known. */
  static @Nullable DeviceName of(List<String> aliases) {
    String name = null;
    String numbers = null;
    for (String alias : aliases) {
      if (alias.startsWith("devname:")) {
        name = alias.substring(8);
      } else if (alias.startsWith("char-major-")) {
        numbers = numbers(alias, 11, "c", numbers);
      } else if (alias.startsWith("block-major-")) {
        numbers = numbers(alias, 12, "b", numbers);
      }
      if (name != null && numbers != null) {
        break;
      }
    }
    return name == null ? null : new DeviceName(name, numbers);
  }

  /** Returns the numbers of {@code MAJOR-MINOR} at {@code from}, {@code before} if it is not so. */
  private static @Nullable String numbers(
      String alias, int from, String type, @Nullable String before) {
    int dash = digits(alias, from);
    if (dash == from || dash >= alias.length() || alias.charAt(dash) != '-') {
      return before;
    }
    int end = digits(alias, dash + 1);
    if (end == dash + 1) {
      return before;
    }
    return type + plain(alias.substring(from, dash)) + ":" + plain(alias.substring(dash + 1, end));
  }

  private static int digits(String text, int from) {
    int at = from;
    while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
      at++;
    }
    return at;
  }

  /** Without leading zeros. */
  private static String plain(String digits) {
    int at = 0;
    while (at < digits.length() - 1 && digits.charAt(at) == '0') {
      at++;
    }
    return digits.substring(at);
  }
}
