package io.linkout.kernel.api.text;

import io.linkout.kernel.cpu.GuestMemory;

/** A shell-like pattern against a whole text, as lib/glob.c matches it. Chars are bytes. */
record Glob(String pattern, String text) {
  /** Returns whether they match, as part of a kernel function that works on {@code memory}. */
  boolean matches(GuestMemory memory) {
    int p = 0;
    int t = 0;
    int starPattern = -1;
    int starText = 0;
    WorkLimit limit = new WorkLimit(memory);
    while (true) {
      limit.count();
      if (p < pattern.length() && pattern.charAt(p) == '*') {
        starPattern = ++p;
        starText = t;
        if (p == pattern.length()) {
          return true;
        }
        continue;
      }
      if (p == pattern.length() && t == text.length()) {
        return true;
      }
      int after = p < pattern.length() && t < text.length() ? step(p, text.charAt(t)) : -1;
      if (after >= 0) {
        p = after;
        t++;
      } else if (starPattern >= 0 && starText < text.length()) {
        p = starPattern;
        t = ++starText;
      } else {
        return false;
      }
    }
  }

  /** Returns where the pattern goes on if what is at {@code p} matches {@code c}, else -1. */
  private int step(int p, char c) {
    char wanted = pattern.charAt(p);
    if (wanted == '?') {
      return p + 1;
    }
    if (wanted == '[') {
      int after = set(p + 1, c);
      if (after != 0) {
        return after;
      }
      // No ] ends it: the bracket stands for itself.
    }
    if (wanted == '\\' && p + 1 < pattern.length()) {
      return pattern.charAt(p + 1) == c ? p + 2 : -1;
    }
    return wanted == c ? p + 1 : -1;
  }

  /** Returns where the pattern goes on, -1 if the set has not {@code c}, 0 if it has no end. */
  private int set(int start, char c) {
    boolean inverted = start < pattern.length() && pattern.charAt(start) == '!';
    int p = inverted ? start + 1 : start;
    int first = p;
    boolean found = false;
    while (p < pattern.length() && (p == first || pattern.charAt(p) != ']')) {
      char low = pattern.charAt(p++);
      char high = low;
      if (p + 1 < pattern.length() && pattern.charAt(p) == '-' && pattern.charAt(p + 1) != ']') {
        high = pattern.charAt(p + 1);
        p += 2;
      }
      found |= low <= c && c <= high;
    }
    if (p >= pattern.length()) {
      return 0;
    }
    return found != inverted ? p + 1 : -1;
  }
}
