package io.linkout.cli;

import io.linkout.elf.Elf;
import io.linkout.elf.ElfFile;
import io.linkout.elf.MalformedElfException;
import io.linkout.link.ModuleFile;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Lines of source code from a module's debug information, as binutils' addr2line tells them, one
 * process for each section that is asked about. It is only looked for when there is a line table in
 * the file; where it is not installed there are no lines.
 */
final class SourceLines {
  /** An address that no line is known for: its answer ends that to the one before. */
  private static final String NOWHERE = "0xffffffffffffffff";

  /** A section's addr2line, which asks a question a line. */
  private record Asked(Writer questions, BufferedReader answers) {}

  private final String file;
  private final boolean packed;
  private final Map<String, Asked> bySection = new HashMap<>();
  private final Map<String, String> known = new HashMap<>();
  private boolean silent;

  private SourceLines(String file, boolean packed) {
    this.file = file;
    this.packed = packed;
  }

  /** Returns the lines of {@code elf}, or null if it has no line table. */
  static @Nullable SourceLines of(ElfFile elf) {
    int lines = elf.sections().find(".debug_line");
    if (lines == 0 || elf.sections().type(lines) == Elf.SHT_NOBITS) {
      return null;
    }
    return new SourceLines(elf.path(), elf.isPacked());
  }

  /**
   * Returns the line of the instruction at {@code offset} bytes into {@code section}, such as
   * {@code file.c:12}; where calls were inlined, innermost first, each after a blank. Null if it is
   * not known.
   */
  @Nullable String at(String section, long offset) {
    String key = section + "+" + Long.toHexString(offset);
    String line = known.get(key);
    if (line == null && !silent) {
      try {
        line = ask(section, offset);
      } catch (IOException e) {
        silent = true;
      }
      known.put(key, line == null ? "" : line);
    }
    return line == null || line.isEmpty() ? null : line;
  }

  private @Nullable String ask(String section, long offset) throws IOException {
    Asked asked = bySection.get(section);
    if (asked == null) {
      asked = start(section);
      bySection.put(section, asked);
    }
    asked.questions.write("0x" + Long.toHexString(offset) + "\n" + NOWHERE + "\n");
    asked.questions.flush();
    List<String> lines = new ArrayList<>();
    String said = asked.answers.readLine();
    // first the address itself
    while (said != null && !said.equals(NOWHERE)) {
      if (said.indexOf(':') > 0 && !said.startsWith("?") && !said.endsWith(":?")) {
        int blank = said.indexOf(" (discriminator");
        lines.add(blank < 0 ? said : said.substring(0, blank));
      }
      said = asked.answers.readLine();
    }
    if (said != null) {
      asked.answers.readLine();
    }
    return lines.isEmpty() ? null : String.join(" ", lines);
  }

  private Asked start(String section) throws IOException {
    if (!packed) {
      return start(section, file);
    }
    Path unpacked = unpacked();
    try {
      Asked asked = start(section, unpacked.toString());
      // once it has answered it has the file open
      asked.questions.write(NOWHERE + "\n");
      asked.questions.flush();
      asked.answers.readLine();
      asked.answers.readLine();
      return asked;
    } finally {
      Files.delete(unpacked);
    }
  }

  /** Writes a packed file as it is when unpacked, since addr2line cannot unpack it. */
  private Path unpacked() throws IOException {
    Path copy = Files.createTempFile("linkout", ".ko");
    try (ModuleFile module = ModuleFile.open(Path.of(file));
        FileChannel out = FileChannel.open(copy, StandardOpenOption.WRITE)) {
      ByteBuffer bytes = module.elf().bytes().duplicate().position(0);
      while (bytes.hasRemaining()) {
        out.write(bytes);
      }
    } catch (MalformedElfException e) {
      throw new IOException(e.reason(), e);
    }
    return copy;
  }

  private static Asked start(String section, String file) throws IOException {
    Process process =
        new ProcessBuilder("addr2line", "-a", "-i", "-s", "-j", section, "-e", file)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    // It ends with this process, whose end closes its standard input.
    return new Asked(
        new BufferedWriter(
            new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8)),
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8)));
  }
}
