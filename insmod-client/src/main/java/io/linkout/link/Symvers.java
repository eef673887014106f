package io.linkout.link;

import io.linkout.modinfo.ModuleName;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A {@code Module.symvers}: one line for each export of a kernel and of all its modules, {@code
 * CRC<TAB>name<TAB>module<TAB>type<TAB>namespace} ({@code scripts/mod/modpost.c}: write_dump, 6.1).
 *
 * <p>Looked up by name in the file's bytes: an index of line starts, hashed, and no object for a
 * line. Debian's 24,683 lines are indexed in a few milliseconds even by a cold JVM.
 */
public final class Symvers implements ExportHints {
  /**
   * One export.
   *
   * @param line number of the line from 0
   * @param module that exports it, underscores; empty for the kernel itself
   */
  public record Row(
      int line, String name, int crc, String module, boolean gplOnly, String namespace) {}

  private final byte[] bytes;
  private final int[] starts;
  private final int[] slots;
  private final int count;

  private Symvers(byte[] bytes, int[] starts, int[] slots, int count) {
    this.bytes = bytes;
    this.starts = starts;
    this.slots = slots;
    this.count = count;
  }

  /**
   * Reads the file at {@code path}.
   *
   * @throws IOException if it can't be read, or a line has no four fields, naming the line
   */
  public static Symvers read(Path path) throws IOException {
    return parse(Files.readAllBytes(path), path.toString());
  }

  /** Reads {@code bytes} as the file called {@code path}. */
  static Symvers parse(byte[] bytes, String path) throws IOException {
    int lines = 1;
    for (byte b : bytes) {
      if (b == '\n') {
        lines++;
      }
    }
    int[] starts = new int[lines];
    int[] slots = new int[Integer.highestOneBit(lines) * 4];
    int mask = slots.length - 1;
    int count = 0;
    int at = 0;
    while (at < bytes.length) {
      int name = skipField(bytes, at);
      int hash = 0;
      int end = name;
      while (end < bytes.length && bytes[end] > ' ') {
        hash = hash * 31 + bytes[end++];
      }
      int module = skipField(bytes, name);
      int type = skipField(bytes, module);
      if (end == name || type >= bytes.length || type == module || bytes[type] < ' ') {
        throw new IOException(path + ":" + (count + 1) + ": not CRC, symbol, module and type");
      }
      int slot = spread(hash) & mask;
      while (slots[slot] != 0) {
        slot = (slot + 1) & mask;
      }
      slots[slot] = count + 1;
      starts[count++] = at;
      at = type;
      while (at < bytes.length && bytes[at++] != '\n') {}
    }
    return new Symvers(bytes, starts, slots, count);
  }

  /** Returns where the field after the one at {@code at} begins; stops at the end of the line. */
  private static int skipField(byte[] bytes, int at) {
    int end = at;
    while (end < bytes.length && bytes[end] >= ' ') {
      end++;
    }
    return end < bytes.length && bytes[end] == '\t' ? end + 1 : end;
  }

  private static int spread(int hash) {
    return hash ^ (hash >>> 15);
  }

  /** Returns the number of exports. */
  public int size() {
    return count;
  }

  /** Returns the export in line {@code line}, from 0. */
  public Row row(int line) {
    int at = starts[line];
    int name = skipField(bytes, at);
    int module = skipField(bytes, name);
    int type = skipField(bytes, module);
    int namespace = skipField(bytes, type);
    String owner = text(module, type);
    return new Row(
        line,
        text(name, module),
        crc(at, name),
        owner.equals("vmlinux") ? "" : ModuleName.ofPath(owner),
        text(type, namespace).equals("EXPORT_SYMBOL_GPL"),
        text(namespace, skipField(bytes, namespace)));
  }

  private String text(int from, int next) {
    int end = next;
    while (end > from && bytes[end - 1] < ' ') {
      end--;
    }
    return new String(bytes, from, end - from, StandardCharsets.ISO_8859_1);
  }

  private int crc(int from, int next) {
    int crc = 0;
    for (int i = from + 2; i < next; i++) {
      int digit = Character.digit(bytes[i], 16);
      if (digit >= 0) {
        crc = crc << 4 | digit;
      }
    }
    return crc;
  }

  /** Returns the export called {@code name}, or null. */
  public @Nullable Row find(String name) {
    int hash = 0;
    for (int i = 0; i < name.length(); i++) {
      hash = hash * 31 + (byte) name.charAt(i);
    }
    int mask = slots.length - 1;
    for (int slot = spread(hash) & mask; slots[slot] != 0; slot = (slot + 1) & mask) {
      int line = slots[slot] - 1;
      if (named(line, name)) {
        return row(line);
      }
    }
    return null;
  }

  private boolean named(int line, String name) {
    int at = skipField(bytes, starts[line]);
    for (int i = 0; i < name.length(); i++) {
      if (at + i >= bytes.length || bytes[at + i] != (byte) name.charAt(i)) {
        return false;
      }
    }
    return at + name.length() < bytes.length && bytes[at + name.length()] == '\t';
  }

  @Override
  public @Nullable String moduleOf(String symbol) {
    Row row = find(symbol);
    return row == null || row.module().isEmpty() ? null : row.module();
  }
}
