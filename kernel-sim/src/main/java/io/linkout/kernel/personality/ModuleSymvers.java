package io.linkout.kernel.personality;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Reads {@code Module.symvers} as {@code scripts/mod/modpost.c: write_dump} writes it: {@code CRC,
 * name, object, EXPORT_SYMBOL or EXPORT_SYMBOL_GPL, namespace}, tab-separated; kernels before 5.4
 * have no namespace.
 */
final class ModuleSymvers {
  /** The object that stands for the kernel itself. */
  private static final String KERNEL = "vmlinux";

  private ModuleSymvers() {}

  /**
   * Returns the rows of the kernel itself, sorted by name.
   *
   * @throws PersonalityException if the file cannot be read or has a row of another form, or two of
   *     one name
   */
  static List<SymbolVersion> kernelExports(Path file) throws PersonalityException {
    String text;
    try {
      text = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new PersonalityException(file + ": cannot be read");
    }
    List<SymbolVersion> exports = new ArrayList<>(16384);
    int line = 0;
    for (int start = 0; start < text.length(); ) {
      int end = text.indexOf('\n', start);
      end = end < 0 ? text.length() : end;
      line++;
      if (end > start) {
        row(file, line, text, start, end, exports);
      }
      start = end + 1;
    }
    exports.sort(Comparator.comparing(SymbolVersion::name));
    for (int i = 1; i < exports.size(); i++) {
      if (exports.get(i).name().equals(exports.get(i - 1).name())) {
        throw new PersonalityException(
            file + ": vmlinux has " + exports.get(i).name() + " in two rows");
      }
    }
    return exports;
  }

  private static void row(
      Path file, int line, String text, int start, int end, List<SymbolVersion> exports)
      throws PersonalityException {
    int name = fieldAfter(file, line, text, start, end);
    int object = fieldAfter(file, line, text, name, end);
    int kind = fieldAfter(file, line, text, object, end);
    if (kind - 1 - object != KERNEL.length() || !text.startsWith(KERNEL, object)) {
      return;
    }
    int tab = text.indexOf('\t', kind);
    int kindEnd = tab < 0 || tab > end ? end : tab;
    String namespace = kindEnd == end ? "" : text.substring(kindEnd + 1, end);
    exports.add(
        new SymbolVersion(
            text.substring(name, object - 1),
            crc(file, line, text, start, name - 1),
            gplOnly(file, line, text.substring(kind, kindEnd)),
            namespace));
  }

  private static int fieldAfter(Path file, int line, String text, int start, int end)
      throws PersonalityException {
    int tab = text.indexOf('\t', start);
    if (tab < 0 || tab >= end) {
      throw malformed(file, line);
    }
    return tab + 1;
  }

  private static int crc(Path file, int line, String text, int start, int end)
      throws PersonalityException {
    try {
      if (text.startsWith("0x", start)) {
        return Integer.parseUnsignedInt(text, start + 2, end, 16);
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw malformed(file, line);
  }

  private static boolean gplOnly(Path file, int line, String kind) throws PersonalityException {
    return switch (kind) {
      case "EXPORT_SYMBOL" -> false;
      case "EXPORT_SYMBOL_GPL", "EXPORT_SYMBOL_GPL_FUTURE" -> true;
      default -> throw malformed(file, line);
    };
  }

  private static PersonalityException malformed(Path file, int line) {
    return new PersonalityException(file + ": line " + line + " is no row of a Module.symvers");
  }
}
