package io.linkout.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * The lines of one of depmod's lists, scanned as bytes: a command that asks for one module of
 * thousands makes no string of the others. The file is read, not mapped, so that one which depmod
 * writes anew meanwhile does no harm.
 */
final class TextLines {
  private final byte[] bytes;
  private int start;
  private int end = -1;

  private TextLines(byte[] bytes) {
    this.bytes = bytes;
  }

  /** Returns the lines of {@code file}; none if it is not there. */
  static TextLines read(Path file) throws IOException {
    try {
      return new TextLines(Files.readAllBytes(file));
    } catch (NoSuchFileException e) {
      return new TextLines(new byte[0]);
    }
  }

  /** Goes to the next line; returns false at the end. */
  boolean next() {
    byte[] all = bytes;
    int from = end + 1;
    if (from >= all.length) {
      return false;
    }
    int at = from;
    while (at < all.length && all[at] != '\n') {
      at++;
    }
    start = from;
    end = at;
    return true;
  }

  /** Returns where the current line begins. */
  int start() {
    return start;
  }

  /** Returns where the current line ends. */
  int end() {
    return end;
  }

  /** Returns where {@code wanted} is first in the current line at or after {@code from}, or -1. */
  int find(char wanted, int from) {
    for (int i = from; i < end; i++) {
      if (bytes[i] == wanted) {
        return i;
      }
    }
    return -1;
  }

  /** Returns where {@code wanted} is last in the current line, or -1. */
  int findLast(char wanted) {
    for (int i = end - 1; i >= start; i--) {
      if (bytes[i] == wanted) {
        return i;
      }
    }
    return -1;
  }

  /** Returns true if the line goes on with {@code text} (ASCII) at {@code from}. */
  boolean has(String text, int from) {
    int length = text.length();
    if (end - from < length) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      if (bytes[from + i] != text.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /**
   * Returns true if the path that ends at {@code pathEnd} is that of the module {@code name}, with
   * underscores. As in kmod ({@code shared/util.c}: modname_normalize) the name ends at its first
   * dot.
   */
  boolean isModule(String name, int pathEnd) {
    int from = pathEnd;
    while (from > start && bytes[from - 1] != '/') {
      from--;
    }
    int length = name.length();
    if (pathEnd - from < length) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      byte b = bytes[from + i];
      if ((b == '-' ? '_' : b) != name.charAt(i) || b == '.') {
        return false;
      }
    }
    return pathEnd - from == length || bytes[from + length] == '.';
  }

  /**
   * Returns true unless the text from {@code from} to {@code to}, a pattern, cannot match {@code
   * key}, which has underscores: that which comes before its first wildcard differs.
   */
  boolean mayMatch(String key, int from, int to) {
    for (int i = from; i < to; i++) {
      byte b = bytes[i];
      if (b == '*' || b == '?' || b == '[' || b == '\\') {
        return true;
      }
      int at = i - from;
      if (b < 0) {
        return true;
      }
      if (at >= key.length() || key.charAt(at) != (b == '-' ? '_' : b)) {
        return false;
      }
    }
    return to - from == key.length();
  }

  /** Returns the text from {@code from} to {@code to}. */
  String text(int from, int to) {
    return new String(bytes, from, to - from, StandardCharsets.UTF_8);
  }
}
