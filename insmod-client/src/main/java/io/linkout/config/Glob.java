package io.linkout.config;

/** Shell patterns as {@code fnmatch(3)} takes them without flags: {@code *} matches slashes too. */
public final class Glob {
  private Glob() {}

  /** Returns true if all of {@code text} matches {@code pattern}. */
  public static boolean matches(String pattern, String text) {
    int p = 0;
    int t = 0;
    int starPattern = -1;
    int starText = 0;
    while (true) {
      if (p < pattern.length() && pattern.charAt(p) == '*') {
        starPattern = ++p;
        starText = t;
        continue;
      }
      if (t == text.length()) {
        return p == pattern.length();
      }
      int next = p < pattern.length() ? one(pattern, p, text.charAt(t)) : -1;
      if (next >= 0) {
        p = next;
        t++;
      } else if (starPattern >= 0) {
        // the last star takes one character more; those before it need not be tried again
        p = starPattern;
        t = ++starText;
      } else {
        return false;
      }
    }
  }

  /** Returns true if {@code text} has a character that means something in a pattern. */
  static boolean isPattern(String text) {
    return text.indexOf('*') >= 0 || text.indexOf('?') >= 0 || text.indexOf('[') >= 0;
  }

  /** Returns where the pattern goes on if its element at {@code p} matches {@code c}, else -1. */
  private static int one(String pattern, int p, char c) {
    char element = pattern.charAt(p);
    return switch (element) {
      case '?' -> p + 1;
      case '[' -> set(pattern, p, c);
      case '\\' -> {
        boolean last = p + 1 == pattern.length();
        char literal = last ? '\\' : pattern.charAt(p + 1);
        yield literal == c ? (last ? p + 1 : p + 2) : -1;
      }
      default -> element == c ? p + 1 : -1;
    };
  }

  /** A bracket without an end is a plain character. */
  private static int set(String pattern, int p, char c) {
    int at = p + 1;
    boolean negated =
        at < pattern.length() && (pattern.charAt(at) == '!' || pattern.charAt(at) == '^');
    if (negated) {
      at++;
    }
    boolean found = false;
    int first = at;
    while (at < pattern.length() && (pattern.charAt(at) != ']' || at == first)) {
      char low = pattern.charAt(at);
      char high = low;
      if (at + 2 < pattern.length()
          && pattern.charAt(at + 1) == '-'
          && pattern.charAt(at + 2) != ']') {
        high = pattern.charAt(at + 2);
        at += 2;
      }
      found |= low <= c && c <= high;
      at++;
    }
    if (at >= pattern.length()) {
      return c == '[' ? p + 1 : -1;
    }
    return found == negated ? -1 : at + 1;
  }
}
