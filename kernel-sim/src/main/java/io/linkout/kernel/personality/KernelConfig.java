package io.linkout.kernel.personality;

import java.util.HashMap;
import java.util.Map;

/** The configuration a kernel was built with, as {@code include/generated/autoconf.h} has it. */
public final class KernelConfig {
  private final Map<String, String> values;

  private KernelConfig(Map<String, String> values) {
    this.values = values;
  }

  /** Returns the configuration in the text of an {@code autoconf.h}. */
  static KernelConfig ofHeader(String text) {
    String prefix = "#define CONFIG_";
    Map<String, String> values = new HashMap<>(16384);
    for (int at = text.indexOf(prefix); at >= 0; at = text.indexOf(prefix, at)) {
      int end = text.indexOf('\n', at);
      end = end < 0 ? text.length() : end;
      int space = text.indexOf(' ', at + prefix.length());
      if (space > 0 && space < end) {
        values.put(text.substring(at + prefix.length(), space), text.substring(space + 1, end));
      }
      at = end;
    }
    return new KernelConfig(values);
  }

  /** Returns a configuration of these options. */
  static KernelConfig of(Map<String, String> values) {
    return new KernelConfig(Map.copyOf(values));
  }

  /** Returns true if {@code CONFIG_option} is built in ({@code =y}). */
  public boolean has(String option) {
    return "1".equals(values.get(option));
  }

  /** Returns the number {@code CONFIG_option} stands for, or {@code otherwise}. */
  public int number(String option, int otherwise) {
    String value = values.get(option);
    try {
      return value == null ? otherwise : Integer.decode(value);
    } catch (NumberFormatException e) {
      return otherwise;
    }
  }
}
