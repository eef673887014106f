package io.linkout.link;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code SOCKET.symbols}: what a kernel has that keeps no symbols itself. A line for each symbol,
 * {@code NAME 0xADDRESS CRC CLASS NAMESPACE}, sorted by name in byte order, after one of {@code
 * linkout-symbols 1 BUILD-ID BOOT-ID RELEASE}. Looked up by name in the file's bytes. Symbols of
 * class {@code t} are not exported; they only have a name for {@link #at}.
 */
public final class SymbolMap {
  private static final String MAGIC = "linkout-symbols 1 ";
  private static final char LOCAL = 't';

  /** A place in the kernel: the symbol it is in, and how long that is at most, in bytes. */
  public record Place(String name, long offset, long size) {}

  private final Path path;
  private final byte[] bytes;
  private final int start;

  private SymbolMap(Path path, byte[] bytes, int start) {
    this.path = path;
    this.bytes = bytes;
    this.start = start;
  }

  /**
   * Reads the map at {@code path}.
   *
   * @param buildId of the kernel it must be of, in hexadecimal digits
   * @param bootId of that kernel
   * @throws IOException if it cannot be read
   * @throws KernelException if it is no map, or that of another kernel
   */
  public static SymbolMap read(Path path, String buildId, String bootId) throws IOException {
    return readAs(path, buildId + " " + bootId);
  }

  /**
   * Reads the map at {@code path}, whichever kernel's it is.
   *
   * @throws IOException if it cannot be read
   * @throws KernelException if it is no map
   */
  public static SymbolMap read(Path path) throws IOException {
    return readAs(path, "");
  }

  private static SymbolMap readAs(Path path, String kernel) throws IOException {
    byte[] bytes = Files.readAllBytes(path);
    int end = 0;
    while (end < bytes.length && bytes[end] != '\n') {
      end++;
    }
    String header = new String(bytes, 0, end, StandardCharsets.UTF_8);
    String wanted = kernel.isEmpty() ? MAGIC : MAGIC + kernel + " ";
    if (!header.startsWith(MAGIC) || end == bytes.length) {
      throw refused(path + " is no symbol map of a kernel", "");
    }
    if (!header.startsWith(wanted)) {
      throw refused(
          path + " is the symbol map of another kernel",
          "build id and boot of the map: "
              + header.substring(MAGIC.length())
              + "\nof the kernel: "
              + kernel);
    }
    return new SymbolMap(path, bytes, end + 1);
  }

  /** Returns the export called {@code name}, or null. */
  public @Nullable KernelSymbol find(String name) {
    byte[] wanted = name.getBytes(StandardCharsets.UTF_8);
    int low = start;
    int high = bytes.length;
    // Both are beginnings of lines, or the end.
    while (low < high) {
      int line = lineAt((low + high) >>> 1, low);
      int order = compare(line, wanted);
      if (order == 0) {
        return isLocal(line) ? null : symbol(line);
      }
      if (order < 0) {
        low = next(line);
      } else {
        high = line;
      }
    }
    return null;
  }

  /** Returns every export, by name in byte order. */
  public List<KernelSymbol> all() {
    List<KernelSymbol> all = new ArrayList<>();
    for (int line = start; line < bytes.length; line = next(line)) {
      if (!isLocal(line)) {
        all.add(symbol(line));
      }
    }
    return all;
  }

  /**
   * Returns what {@code address} is in: the last symbol that does not begin after it. It is taken
   * to reach to the next one, as kallsyms does.
   *
   * @return null if no symbol begins there or before, or none after it
   */
  public @Nullable Place at(long address) {
    int below = -1;
    long begin = 0;
    long end = 0;
    for (int line = start; line < bytes.length; line = next(line)) {
      long here = address(line);
      if (Long.compareUnsigned(here, address) > 0) {
        end = end == 0 || Long.compareUnsigned(here, end) < 0 ? here : end;
      } else if (below < 0 || Long.compareUnsigned(here, begin) > 0) {
        below = line;
        begin = here;
      }
    }
    return below < 0 || end == 0 ? null : new Place(name(below), address - begin, end - begin);
  }

  private boolean isLocal(int line) {
    int at = word(word(word(line)));
    return at < bytes.length && bytes[at] == LOCAL;
  }

  /** Returns where the word after that at {@code at} begins. */
  private int word(int at) {
    int i = at;
    while (i < bytes.length && bytes[i] > ' ') {
      i++;
    }
    return i + 1;
  }

  private String name(int line) {
    return new String(bytes, line, word(line) - 1 - line, StandardCharsets.UTF_8);
  }

  private long address(int line) {
    int at = word(line);
    int end = word(at) - 1;
    try {
      return Long.parseUnsignedLong(
          new String(bytes, at + 2, end - at - 2, StandardCharsets.US_ASCII), 16);
    } catch (NumberFormatException | IndexOutOfBoundsException e) {
      throw malformed(name(line));
    }
  }

  /** Returns the beginning of the line that {@code at} is in; not before {@code first}. */
  private int lineAt(int at, int first) {
    int line = at;
    while (line > first && bytes[line - 1] != '\n') {
      line--;
    }
    return line;
  }

  private int next(int line) {
    int at = line;
    while (at < bytes.length && bytes[at] != '\n') {
      at++;
    }
    return Math.min(at + 1, bytes.length);
  }

  private int compare(int line, byte[] name) {
    for (int i = 0; ; i++) {
      int here = line + i < bytes.length ? bytes[line + i] & 0xff : '\n';
      boolean ended = here <= ' ';
      if (i == name.length || ended) {
        return ended ? (i == name.length ? 0 : -1) : 1;
      }
      int order = here - (name[i] & 0xff);
      if (order != 0) {
        return order;
      }
    }
  }

  private KernelSymbol symbol(int line) {
    String[] words =
        new String(bytes, line, next(line) - line, StandardCharsets.UTF_8).strip().split(" ", -1);
    try {
      if (words.length == 5 && words[1].startsWith("0x") && words[3].length() == 1) {
        return new KernelSymbol(
            words[0],
            Long.parseUnsignedLong(words[1].substring(2), 16),
            words[2].equals("-") ? null : Integer.parseUnsignedInt(words[2].substring(2), 16),
            words[3].equals("G"),
            words[4].equals("-") ? "" : words[4],
            "",
            0);
      }
    } catch (NumberFormatException | IndexOutOfBoundsException e) {
      // Said below.
    }
    throw malformed(words[0]);
  }

  private KernelException malformed(String name) {
    return refused(path + ": not NAME ADDRESS CRC CLASS NAMESPACE: " + name, "");
  }

  private static KernelException refused(String message, String detail) {
    return new KernelException(Errno.ENOENT.number(), "ENOENT", message, detail, List.of());
  }
}
