package io.linkout.link;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * GNU ld as an oracle: told where an image has each section and each undefined symbol, it must make
 * the same bytes of the same file, and give each symbol the same address. Knows nothing of the
 * linker but the image that {@code insmod -n --no-fixups --image} writes.
 *
 * <p>Merging of strings is switched off by clearing the flags, and notes get other names, since ld
 * treats them specially.
 */
final class GnuLd {
  /** Prefix of sections that ld must not recognise. */
  private static final String RENAME = ".ko";

  private static final long WRITE = 1;
  private static final long MERGE_OR_STRINGS = 0x30;
  private static final int WEAK = 2;

  /** Allocated in the file, cleared by the kernel's loader: never in an image. */
  private static final Set<String> INFORMATION =
      Set.of(".modinfo", "__versions", "__version_ext_crcs", "__version_ext_names");

  private GnuLd() {}

  /** Returns true if objcopy and ld can be run. */
  static boolean available() {
    return Programs.succeeds("objcopy", "--version") && Programs.succeeds("ld", "--version");
  }

  /**
   * Links {@code file} with ld and returns a line for each section and symbol of {@code image} that
   * differs.
   *
   * @param image an ELF file with every section and symbol at its final address
   * @param directory for intermediate files, nobody else's meanwhile
   */
  static List<String> differences(byte[] image, Path file, Path directory)
      throws IOException, InterruptedException {
    Path in = directory.resolve("in.o");
    Path out = directory.resolve("out.elf");
    Path script = directory.resolve("x.lds");
    PlainElf module = new PlainElf(Files.readAllBytes(file));
    PlainElf ours = new PlainElf(image);
    objcopy(module, file, in);
    Files.writeString(script, script(module, ours), StandardCharsets.ISO_8859_1);
    Programs.run(
        List.of(
            "ld",
            "-m",
            "elf_x86_64",
            "-static",
            "-no-pie",
            "--no-relax",
            "--no-gc-sections",
            "--build-id=none",
            "-z",
            "norelro",
            "-z",
            "noexecstack",
            "-z",
            "max-page-size=4096",
            "--no-warn-rwx-segments",
            "-e",
            "0",
            "-T",
            script.toString(),
            "-o",
            out.toString(),
            in.toString()));
    PlainElf theirs = new PlainElf(Files.readAllBytes(out));
    List<String> differences = new ArrayList<>();
    sections(module, ours, theirs, differences);
    symbols(ours, theirs, differences);
    return differences;
  }

  private static boolean isLoaded(PlainElf.Section section) {
    return section.allocated() && !INFORMATION.contains(section.name());
  }

  private static void objcopy(PlainElf module, Path file, Path in)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("objcopy"));
    for (PlainElf.Section section : module.sections()) {
      if (!isLoaded(section)) {
        continue;
      }
      String name = section.name();
      if ((section.flags() & MERGE_OR_STRINGS) != 0) {
        String readonly = (section.flags() & WRITE) != 0 ? "" : ",readonly";
        command.add("--set-section-flags");
        command.add(name + "=alloc,load,data" + readonly);
      }
      if (isSpecial(name)) {
        command.add("--rename-section");
        command.add(name + "=" + renamed(name));
      }
    }
    command.add(file.toString());
    command.add(in.toString());
    Programs.run(command);
  }

  private static boolean isSpecial(String name) {
    return name.equals(".note.gnu.build-id")
        || name.equals(".note.gnu.property")
        || name.equals(".eh_frame");
  }

  private static String renamed(String name) {
    return isSpecial(name) ? RENAME + name : name;
  }

  private static String script(PlainElf module, PlainElf image) {
    Set<String> undefined = new HashSet<>();
    for (PlainElf.Symbol symbol : module.symbols()) {
      if (symbol.section() == 0 && !symbol.name().isEmpty() && symbol.info() >>> 4 != WEAK) {
        undefined.add(symbol.name());
      }
    }
    StringBuilder text = new StringBuilder("OUTPUT_FORMAT(\"elf64-x86-64\")\n");
    for (PlainElf.Symbol symbol : image.symbols()) {
      if (undefined.contains(symbol.name()) && symbol.section() >= 0xff00) {
        text.append(String.format(Locale.ROOT, "\"%s\" = 0x%x;%n", symbol.name(), symbol.value()));
      }
    }
    text.append("SECTIONS {\n");
    for (PlainElf.Section section : image.sections()) {
      if (section.allocated()) {
        String name = renamed(section.name());
        text.append(
            String.format(
                Locale.ROOT, "  \"%s\" 0x%x : { *(\"%s\") }%n", name, section.address(), name));
      }
    }
    text.append("  /DISCARD/ : { *(.comment) *(.gnu_debuglink) *(.note.GNU-stack) *(.modinfo)");
    return text.append(" *(__versions) *(.BTF) }\n}\n").toString();
  }

  private static void sections(
      PlainElf module, PlainElf image, PlainElf linked, List<String> differences) {
    for (PlainElf.Section section : module.sections()) {
      if (!isLoaded(section)) {
        continue;
      }
      PlainElf.Section ours = image.section(section.name());
      if (ours == null || ours.size() != section.size() || ours.type() != section.type()) {
        differences.add(section.name() + ": not in the image with its size and type");
        continue;
      }
      if (!section.inFile()) {
        continue;
      }
      PlainElf.Section theirs = linked.section(renamed(section.name()));
      if (theirs == null || theirs.size() != section.size()) {
        differences.add(section.name() + ": not in ld's output with that size");
      } else if (theirs.address() != ours.address()) {
        differences.add(section.name() + ": ld has it elsewhere");
      } else {
        int at = ours.bytes().mismatch(theirs.bytes());
        if (at >= 0) {
          differences.add(section.name() + ": differs at 0x" + Integer.toHexString(at));
        }
      }
    }
  }

  /** Each of the module's own symbols is one of ld's; those of empty sections vanish there. */
  private static void symbols(PlainElf image, PlainElf linked, List<String> differences) {
    Set<String> theirs = new HashSet<>();
    for (PlainElf.Symbol symbol : linked.symbols()) {
      theirs.add(symbol.name() + " 0x" + Long.toHexString(symbol.value()));
    }
    for (PlainElf.Symbol symbol : image.symbols()) {
      int section = symbol.section();
      if (!symbol.named()
          || section == 0
          || section >= image.sections().size()
          || image.sections().get(section).size() == 0) {
        continue;
      }
      String ours = symbol.name() + " 0x" + Long.toHexString(symbol.value());
      if (!theirs.contains(ours)) {
        differences.add("symbol " + ours + ": not in ld's output");
      }
    }
  }
}
