package io.linkout.cli;

import io.linkout.elf.MalformedElfException;
import io.linkout.link.ModuleFile;
import io.linkout.link.ModuleSections;
import io.linkout.link.SegmentKind;
import io.linkout.rpc.LoadedModule;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Commands for gdb, a line for each loaded module, that tell it where the sections of the module's
 * file lie. The kernel knows segments only; what lies where in them follows from the file.
 */
final class GdbLines {
  private static final String MARKS = "_./-+,@%:=";

  private GdbLines() {}

  /** Prints them, or a warning for a module whose file is not found or of no use to gdb. */
  static void print(List<LoadedModule> modules, ModuleFiles files, Console console) {
    for (LoadedModule module : modules) {
      if (module.loadId() == 0) {
        continue;
      }
      List<String> others = new ArrayList<>();
      try (ModuleFile file = files.open(module, others)) {
        if (file == null) {
          others.addFirst("no file with build id " + module.buildId() + " is there");
        } else if (!file.isPacked()) {
          console.line(line(file, module));
          continue;
        } else {
          others.add("gdb cannot unpack " + file.path());
        }
      } catch (MalformedElfException e) {
        others.add(e.reason());
      }
      console.warning("module " + module.name() + ": " + String.join("; ", others));
    }
  }

  private static String line(ModuleFile file, LoadedModule module) {
    StringBuilder line = new StringBuilder("add-symbol-file ");
    line.append(quoted(Path.of(file.path()).toAbsolutePath().normalize().toString()));
    for (ModuleSections.Section section :
        ModuleSections.of(file.elf(), ModuleFiles.bases(module)).all()) {
      // an offset from the per-CPU base is no address
      if (section.kind() != SegmentKind.PERCPU) {
        line.append(" -s ").append(quoted(section.name()));
        line.append(" 0x").append(Numbers.hex16(section.address()));
      }
    }
    return line.toString();
  }

  /** Returns {@code word} so that gdb takes it for one (libiberty: buildargv). */
  private static String quoted(String word) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < word.length(); i++) {
      char c = word.charAt(i);
      if (c < 0x80 && !Character.isLetterOrDigit(c) && MARKS.indexOf(c) < 0) {
        out.append('\\');
      }
      out.append(c);
    }
    return out.toString();
  }
}
