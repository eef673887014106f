package io.linkout.kernel.api.oops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.linkout.kernel.cpu.GuestLayout;
import io.linkout.kernel.cpu.GuestMemory;
import io.linkout.kernel.cpu.Protection;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The ORC tables of Debian's modules, in the tree that LINKOUT_DEBIAN names: at its first
 * instruction every function has its return address on top of the stack.
 */
class DebianOrcTest {
  private static final long TEXT = GuestLayout.MODULES;
  private static final long TABLES = GuestLayout.MODULES + 0x100_0000;
  private static Path modules = Path.of("");

  @BeforeAll
  static void findModules() throws IOException {
    String tree = System.getenv("LINKOUT_DEBIAN");
    if (tree == null) {
      System.err.println("SKIPPED: DebianOrcTest: LINKOUT_DEBIAN does not name an unpacked tree");
    }
    assumeTrue(tree != null, "LINKOUT_DEBIAN is not set");
    try (Stream<Path> releases = Files.list(Path.of(tree, "lib/modules"))) {
      modules = releases.findFirst().orElseThrow().resolve("kernel");
    }
  }

  /** A section header of an ELF file; the fields used. */
  private record Section(String name, int type, long offset, long size, int link, int info) {}

  /** A .ko file, as far as this test needs it. */
  private static final class Module {
    final ByteBuffer file;
    final List<Section> sections = new ArrayList<>();

    Module(Path path) throws IOException {
      file = ByteBuffer.wrap(Files.readAllBytes(path)).order(ByteOrder.LITTLE_ENDIAN);
      int headers = (int) file.getLong(40);
      int count = file.getShort(60);
      int names = (int) file.getLong(headers + file.getShort(62) * 64 + 24);
      for (int i = 0; i < count; i++) {
        int at = headers + i * 64;
        sections.add(
            new Section(
                string(names + file.getInt(at)),
                file.getInt(at + 4),
                file.getLong(at + 24),
                file.getLong(at + 32),
                file.getInt(at + 40),
                file.getInt(at + 44)));
      }
    }

    String string(int at) {
      StringBuilder text = new StringBuilder();
      for (int i = at; file.get(i) != 0; i++) {
        text.append((char) file.get(i));
      }
      return text.toString();
    }

    int index(String name) {
      for (int i = 0; i < sections.size(); i++) {
        if (sections.get(i).name().equals(name)) {
          return i;
        }
      }
      throw new AssertionError("no section " + name);
    }
  }

  @Test
  void classIsNotSkippedSilently() {
    assertThat(modules).isDirectory();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "lib/crc7.ko",
        "lib/lz4/lz4hc_compress.ko",
        "lib/zstd/zstd_compress.ko",
        "fs/ext4/ext4.ko"
      })
  void functionsBeginWithTheirReturnAddressOnTop(String name) throws IOException {
    Module module = new Module(modules.resolve(name));
    int text = module.index(".text");
    Section entries = module.sections.get(module.index(".orc_unwind"));
    int ip = module.index(".orc_unwind_ip");
    GuestMemory memory = GuestMemory.detached();
    List<long[]> sorted = textEntries(module, text, ip);
    try (Arena arena = Arena.ofConfined()) {
      long size = GuestLayout.pageUp(sorted.size() * 10L + 64);
      MemorySegment host = arena.allocate(size, GuestLayout.PAGE);
      memory.map(TABLES, host, Protection.READ_WRITE, "tables", "");
      TableSpan addresses = new TableSpan(TABLES, sorted.size() * 4L);
      TableSpan orcs = new TableSpan(TABLES + sorted.size() * 4L, sorted.size() * 6L);
      for (int i = 0; i < sorted.size(); i++) {
        long at = addresses.address() + 4L * i;
        memory.writeInt(at, (int) (sorted.get(i)[0] - at));
        byte[] entry = new byte[6];
        module.file.get((int) (entries.offset() + sorted.get(i)[1] * 6), entry);
        memory.write(orcs.address() + 6L * i, entry);
      }
      int checked = 0;
      for (long function : functions(module, text)) {
        OrcEntry entry =
            OrcEntry.find(memory, TableForms.LINUX_6_1, addresses, orcs, TEXT + function);
        assertThat(entry)
            .as("%s .text+0x%x", name, function)
            .isEqualTo(new OrcEntry(8, 0, OrcEntry.SP, OrcEntry.UNDEFINED, OrcEntry.CALL, false));
        checked++;
      }
      assertThat(checked).isPositive();
    }
  }

  /** Returns address and index of the entries of .text, sorted; their relocations applied. */
  private static List<long[]> textEntries(Module module, int text, int ip) {
    List<long[]> found = new ArrayList<>();
    for (Section s : module.sections) {
      if (s.type() == 4 && s.info() == ip) {
        long symbols = module.sections.get(s.link()).offset();
        for (long at = s.offset(); at < s.offset() + s.size(); at += 24) {
          long place = module.file.getLong((int) at);
          int symbol = (int) (module.file.getLong((int) at + 8) >>> 32);
          long addend = module.file.getLong((int) at + 16);
          int entry = (int) symbols + symbol * 24;
          if (module.file.getShort(entry + 6) == text) {
            found.add(new long[] {TEXT + module.file.getLong(entry + 8) + addend, place / 4});
          }
        }
      }
    }
    found.sort((a, b) -> Long.compareUnsigned(a[0], b[0]));
    return found;
  }

  /** Returns where the functions of .text begin. */
  private static List<Long> functions(Module module, int text) {
    List<Long> found = new ArrayList<>();
    Section symbols = module.sections.get(module.index(".symtab"));
    for (long at = symbols.offset(); at < symbols.offset() + symbols.size(); at += 24) {
      boolean function = (module.file.get((int) at + 4) & 0xf) == 2;
      if (function && module.file.getShort((int) at + 6) == text) {
        found.add(module.file.getLong((int) at + 8));
      }
    }
    return found;
  }
}
