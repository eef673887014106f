package io.linkout.link;

import io.linkout.elf.Elf;
import io.linkout.elf.ElfFile;
import io.linkout.elf.SectionHeaders;
import io.linkout.elf.SymbolTable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * GNU ld as an oracle: told where every section and every undefined symbol lies, it must produce
 * the bytes that the linker does. Merging of strings is switched off by clearing the flags, and
 * notes get other names, since ld treats them specially.
 */
final class GnuLd {
  private static final String RENAME = ".ko";

  private GnuLd() {}

  /** Returns true if objcopy and ld can be run. */
  static boolean available() {
    return Programs.succeeds("objcopy", "--version") && Programs.succeeds("ld", "--version");
  }

  /**
   * Links {@code module}'s file with ld and returns a line for each section whose bytes differ.
   *
   * @param directory for intermediate files
   */
  static List<String> differences(LinkedModule module, Path file, Path directory)
      throws IOException, InterruptedException {
    Path in = directory.resolve("in.o");
    Path out = directory.resolve("out.elf");
    Path script = directory.resolve("x.lds");
    ElfFile elf = module.plan().elf();
    objcopy(elf.sections(), file, in);
    Files.writeString(script, script(module), StandardCharsets.ISO_8859_1);
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
    return compare(module, Files.readAllBytes(out));
  }

  private static void objcopy(SectionHeaders sections, Path file, Path in)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("objcopy"));
    for (int i = 1; i < sections.count(); i++) {
      if (!sections.has(i, Elf.SHF_ALLOC)) {
        continue;
      }
      String name = sections.name(i);
      if ((sections.flags(i) & 0x30) != 0) {
        String readonly = sections.has(i, Elf.SHF_WRITE) ? "" : ",readonly";
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

  private static String script(LinkedModule module) {
    ElfFile elf = module.plan().elf();
    SymbolTable symbols = elf.symbols();
    SectionHeaders sections = elf.sections();
    StringBuilder text = new StringBuilder("OUTPUT_FORMAT(\"elf64-x86-64\")\n");
    for (int i = 1; i < symbols.count(); i++) {
      if (symbols.section(i) == Elf.SHN_UNDEF && symbols.binding(i) != Elf.STB_WEAK) {
        text.append(
            String.format(Locale.ROOT, "\"%s\" = 0x%x;%n", symbols.name(i), module.symbolValue(i)));
      }
    }
    text.append("SECTIONS {\n");
    for (int i = 1; i < sections.count(); i++) {
      if (module.plan().layout().isLoaded(i)) {
        String name = renamed(sections.name(i));
        text.append(
            String.format(
                Locale.ROOT,
                "  \"%s\" 0x%x : { *(\"%s\") }%n",
                name,
                module.plan().sectionAddress(i),
                name));
      }
    }
    text.append("  /DISCARD/ : { *(.comment) *(.gnu_debuglink) *(.note.GNU-stack) *(.modinfo)");
    return text.append(" *(__versions) *(.BTF) }\n}\n").toString();
  }

  private static List<String> compare(LinkedModule module, byte[] linked) {
    ByteBuffer theirs = ByteBuffer.wrap(linked).order(ByteOrder.LITTLE_ENDIAN);
    SectionHeaders sections = module.plan().elf().sections();
    List<String> differences = new ArrayList<>();
    for (int i = 1; i < sections.count(); i++) {
      if (!module.plan().layout().isLoaded(i)
          || sections.type(i) == Elf.SHT_NOBITS
          || sections.size(i) == 0) {
        continue;
      }
      int offset = find(theirs, renamed(sections.name(i)), sections.size(i));
      if (offset < 0) {
        differences.add(sections.name(i) + ": not in ld's output with that size");
        continue;
      }
      int segment = module.plan().layout().segmentOf(i);
      int size = (int) sections.size(i);
      ByteBuffer ours =
          module.image().bytes(segment).slice((int) module.plan().layout().offsetOf(i), size);
      int at = ours.mismatch(theirs.slice(offset, size));
      if (at >= 0) {
        differences.add(sections.name(i) + ": differs at 0x" + Integer.toHexString(at));
      }
    }
    return differences;
  }

  private static int find(ByteBuffer elf, String name, long size) {
    int table = (int) elf.getLong(40);
    int count = elf.getShort(60) & 0xffff;
    int names = (int) elf.getLong(table + (elf.getShort(62) & 0xffff) * Elf.SHDR_SIZE + 24);
    byte[] wanted = (name + '\0').getBytes(StandardCharsets.ISO_8859_1);
    for (int i = 1; i < count; i++) {
      int header = table + i * Elf.SHDR_SIZE;
      int at = names + elf.getInt(header);
      if (elf.getLong(header + 32) == size
          && at + wanted.length <= elf.limit()
          && elf.slice(at, wanted.length).equals(ByteBuffer.wrap(wanted))) {
        return (int) elf.getLong(header + 24);
      }
    }
    return -1;
  }
}
