package io.linkout.cli;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes JSON as RFC 8259 has it: two blanks an indent, a member a line. */
final class JsonWriter {
  private final Console console;
  private int depth;
  private boolean first = true;

  JsonWriter(Console console) {
    this.console = console;
  }

  /** Begins an object, as the document or an array's element. */
  JsonWriter object() {
    element();
    return open("{");
  }

  /** Begins an object as a member. */
  JsonWriter object(String name) {
    name(name);
    return open("{");
  }

  /** Begins an array, as the document or an array's element. */
  JsonWriter array() {
    element();
    return open("[");
  }

  /** Begins an array as a member. */
  JsonWriter array(String name) {
    name(name);
    return open("[");
  }

  /** Ends the innermost object. */
  JsonWriter endObject() {
    return close("}");
  }

  /** Ends the innermost array. */
  JsonWriter endArray() {
    return close("]");
  }

  /** Writes a string member, null for null. */
  JsonWriter member(String name, @Nullable String value) {
    name(name);
    console.print(value == null ? "null" : quoted(value));
    return this;
  }

  /** Writes a number member. */
  JsonWriter member(String name, long value) {
    name(name);
    console.print(Long.toString(value));
    return this;
  }

  /** Writes a true or false member. */
  JsonWriter member(String name, boolean value) {
    name(name);
    console.print(value ? "true" : "false");
    return this;
  }

  /** Writes an array of strings as a member, in one line. */
  JsonWriter member(String name, List<String> values) {
    name(name);
    console.print("[");
    for (int i = 0; i < values.size(); i++) {
      console.print((i == 0 ? "" : ", ") + quoted(values.get(i)));
    }
    console.print("]");
    return this;
  }

  /** Ends the document. */
  void end() {
    console.print("\n");
  }

  private void name(String name) {
    element();
    console.print(quoted(name) + ": ");
  }

  private void element() {
    if (depth > 0) {
      console.print(first ? "\n" : ",\n");
      console.print("  ".repeat(depth));
    }
    first = false;
  }

  private JsonWriter open(String bracket) {
    console.print(bracket);
    depth++;
    first = true;
    return this;
  }

  private JsonWriter close(String bracket) {
    depth--;
    if (!first) {
      console.print("\n" + "  ".repeat(depth));
    }
    console.print(bracket);
    first = false;
    return this;
  }

  /** Returns {@code text} in quotes, with what must be escaped escaped. */
  static String quoted(String text) {
    StringBuilder out = new StringBuilder(text.length() + 2).append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        case '\b' -> out.append("\\b");
        case '\f' -> out.append("\\f");
        default -> {
          if (c < ' ' || c == 0x7f || (c >= Character.MIN_SURROGATE && loneSurrogate(text, i))) {
            out.append("\\u").append(Numbers.padded(Integer.toHexString(c), 4, '0'));
          } else {
            out.append(c);
          }
        }
      }
    }
    return out.append('"').toString();
  }

  private static boolean loneSurrogate(String text, int i) {
    char c = text.charAt(i);
    if (Character.isHighSurrogate(c)) {
      return i + 1 == text.length() || !Character.isLowSurrogate(text.charAt(i + 1));
    }
    return Character.isLowSurrogate(c)
        && (i == 0 || !Character.isHighSurrogate(text.charAt(i - 1)));
  }
}
