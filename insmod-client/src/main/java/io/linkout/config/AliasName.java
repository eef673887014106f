package io.linkout.config;

import org.jspecify.annotations.Nullable;

/** Names that may be patterns: outside brackets {@code -} and {@code _} are the same. */
final class AliasName {
  private AliasName() {}

  /**
   * Returns {@code alias} with underscores, or null if its brackets do not pair ({@code
   * shared/util.c}: alias_normalize).
   */
  static @Nullable String normalise(String alias) {
    StringBuilder out = new StringBuilder(alias);
    for (int i = 0; i < out.length(); i++) {
      char c = out.charAt(i);
      if (c == '-') {
        out.setCharAt(i, '_');
      } else if (c == ']') {
        return null;
      } else if (c == '[') {
        int close = alias.indexOf(']', i);
        if (close < 0) {
          return null;
        }
        i = close;
      }
    }
    return out.toString();
  }
}
