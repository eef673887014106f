package io.linkout.cli;

import io.linkout.elf.MalformedElfException;
import io.linkout.link.ModuleFile;
import io.linkout.link.SegmentKind;
import io.linkout.link.SymbolMap;
import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * ksymoops: names the addresses in a kernel's log that was pasted from anywhere, with whatever a
 * logger or a mailer put before its lines, from files of the modules in it. It asks no kernel.
 */
final class Ksymoops extends Command {
  /** Lines that are read before the first of them is printed. */
  private static final int LINES = 4096;

  /** Lines that are only looked at: a report's first lines need what comes after them. */
  private static final int AHEAD = 64;

  Ksymoops() {
    super(
        new Syntax("ksymoops [options] FILE|-")
            .value('\0', "module", "FILE", "a file of a module in the log; may be repeated")
            .value('\0', "search", "DIR", "where files of modules may be")
            .value('\0', "symbols", "MAP", "SOCKET.symbols of a kernel that keeps no symbols")
            .socket());
  }

  @Override
  int run(Arguments arguments, Console console) {
    List<String> operands = arguments.operands();
    if (operands.size() != 1) {
      throw new Failure(
          operands.isEmpty()
              ? "missing FILE with the log, or - for standard input"
              : "unexpected argument '" + operands.get(1) + "'");
    }
    List<Path> given = new ArrayList<>();
    for (String file : arguments.values("module")) {
      given.add(Path.of(file));
    }
    String search = arguments.value("search");
    ModuleFiles files = new ModuleFiles(given, search == null ? null : Path.of(search));
    OopsText text = new OopsText(files, console).sayingMissing();
    for (Path file : given) {
      add(file, text);
    }
    String map = arguments.value("symbols");
    if (map != null) {
      text.with(symbols(map));
    }
    String log = operands.getFirst();
    try (InputStream in =
        log.equals("-") ? new FileInputStream(FileDescriptor.in) : new FileInputStream(log)) {
      decode(in, text, console);
    } catch (IOException e) {
      throw new Failure("cannot read " + log + ": " + FileReason.of(e));
    }
    return 0;
  }

  /** Takes {@code path}'s for names of lines that tell no build id, such as Linux's own. */
  private static void add(Path path, OopsText text) {
    try (ModuleFile file = ModuleFile.open(path)) {
      // Linux tells offsets from names, which are the same wherever it lies: each kind far apart.
      Map<SegmentKind, Long> bases = new EnumMap<>(SegmentKind.class);
      long next = 1L << 40;
      for (SegmentKind kind : SegmentKind.values()) {
        bases.put(kind, next);
        next += 1L << 40;
      }
      text.with(
          file.name(), NamedModule.of(file.name(), bases.get(SegmentKind.TEXT), bases, file.elf()));
    } catch (IOException e) {
      throw new Failure("cannot read " + path + ": " + FileReason.of(e));
    } catch (MalformedElfException e) {
      throw new Failure(e.reason());
    }
  }

  private static SymbolMap symbols(String map) {
    try {
      return SymbolMap.read(Path.of(map));
    } catch (IOException e) {
      throw new Failure("cannot read " + map + ": " + FileReason.of(e));
    }
  }

  private static void decode(InputStream in, OopsText text, Console console) throws IOException {
    BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
    List<String> lines = new ArrayList<>();
    String line = reader.readLine();
    while (line != null) {
      lines.add(line);
      line = reader.readLine();
      if (line == null || lines.size() == LINES) {
        int count = line == null ? lines.size() : LINES - AHEAD;
        text.decode(lines, count).forEach(console::line);
        lines.subList(0, count).clear();
      }
    }
  }
}
