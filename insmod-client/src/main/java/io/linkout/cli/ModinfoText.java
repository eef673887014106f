package io.linkout.cli;

import io.linkout.modinfo.ModInfo;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Lines as kmod's modinfo prints them, gathered as bytes. Bytes of the file that are no UTF-8 come
 * out as they are.
 */
final class ModinfoText {
  private static final String LABEL = "                ";

  private final @Nullable String field;
  private final char end;
  private final StringBuilder out = new StringBuilder();

  /**
   * Text of one field, or of all.
   *
   * @param field the only one to print, null for all with labels
   * @param end of each line
   */
  ModinfoText(@Nullable String field, char end) {
    this.field = field;
    this.end = end;
  }

  /** Returns true if the file's name is all that is asked for. */
  boolean nameOnly() {
    return "filename".equals(field);
  }

  /** Prints the file's name, if it is asked for. */
  void filename(Path file) {
    if (field == null) {
      out.append("filename:       ");
    }
    if (field == null || nameOnly()) {
      String path = file.toString();
      byte[] bytes = path.getBytes(StandardCharsets.UTF_8);
      out.append(
          bytes.length == path.length() ? path : new String(bytes, StandardCharsets.ISO_8859_1));
      out.append(end);
    }
  }

  /** Prints what stands for the name of the file of a module that is built in. */
  void builtin(String name) {
    if (field == null) {
      out.append("name:           ").append(name).append(end).append("filename:       ");
    }
    if (field == null || nameOnly()) {
      out.append("(builtin)").append(end);
    }
  }

  /** Prints what is asked for of {@code entries}; returns what is wrong with them. */
  List<String> entries(List<ModInfo.Entry> entries) {
    ParameterLines parameters = new ParameterLines();
    boolean shown = field == null || field.equals("parm");
    for (ModInfo.Entry entry : entries) {
      String key = entry.key();
      if (shown && (key.equals("parm") || key.equals("parmtype"))) {
        parameters.add(entry);
      } else if (field == null) {
        out.append(key);
        if (end == 0) {
          out.append('=');
        } else {
          out.append(':').append(LABEL, 0, Math.min(Math.abs(15 - key.length()), LABEL.length()));
        }
        out.append(entry.raw()).append(end);
      } else if (key.equals(field)) {
        out.append(entry.raw()).append(end);
      }
    }
    parameters.print(field == null, end, out);
    return parameters.complaints();
  }

  /** Returns what was printed since the last time. */
  byte[] take() {
    byte[] bytes = out.toString().getBytes(StandardCharsets.ISO_8859_1);
    out.setLength(0);
    return bytes;
  }
}
