package io.linkout.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.linkout.elf.Elf;
import io.linkout.elf.ElfBuilder;
import io.linkout.link.x86_64.X86_64;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What a loaded module's file says of its exports is what was linked. */
class LoadedExportsTest {
  private static final Path EXAMPLES = Path.of("../examples");
  private static final int SAMPLE = 300;

  /** Links {@code file} in {@code kernel} and compares; returns how many exports it has. */
  private static int compare(ModuleFile file, Kernel kernel) {
    Linker linker = new Linker(kernel, X86_64.ARCHITECTURE, ExportHints.NONE, PassTimer.NONE);
    LinkOptions forced = new LinkOptions(true, true, true, List.of());
    try (LinkedModule linked = linker.prepare(file, forced)) {
      Map<String, String> published = new TreeMap<>();
      for (ModuleExport e : linked.activation().exports()) {
        published.put(e.name(), e.address() + " " + e.crc() + e.gplOnly() + e.namespace());
      }
      Map<SegmentKind, Long> bases = new EnumMap<>(SegmentKind.class);
      List<SegmentRequest> segments = ModuleLayout.of(file.elf()).requests();
      for (int i = 0; i < segments.size(); i++) {
        bases.putIfAbsent(segments.get(i).kind(), linked.allocation().addresses().get(i));
      }
      // As a live module's are.
      bases.remove(SegmentKind.INIT_TEXT);
      bases.remove(SegmentKind.INIT_DATA);
      bases.remove(SegmentKind.INIT_RODATA);
      Map<String, String> read = new TreeMap<>();
      LoadedExports.of(file, bases, "m", 1)
          .values()
          .forEach(
              e -> read.put(e.name(), e.address() + " " + e.crc() + e.gplOnly() + e.namespace()));
      assertThat(read).as(file.path()).isEqualTo(published);
      return read.size();
    }
  }

  @Test
  void theExamples() throws IOException {
    int exports = 0;
    try (Stream<Path> files = Files.list(EXAMPLES)) {
      for (Path path : files.filter(p -> p.toString().endsWith(".ko")).sorted().toList()) {
        try (ModuleFile file = ModuleFile.open(path)) {
          FakeKernel kernel = new FakeKernel();
          long address = 0xffffffff81000000L;
          for (String name : Imports.of(file.elf()).names()) {
            kernel.export(name, address += 16);
          }
          exports += compare(file, kernel);
        }
      }
    }
    assertThat(exports).isPositive();
  }

  @Test
  void debiansModules() throws IOException {
    List<Path> modules = new ArrayList<>(Debian.modules());
    Collections.shuffle(modules, new Random(20261130));
    KernelHeaders headers = KernelHeaders.read(Debian.headers());
    int exports = 0;
    for (Path path : modules.subList(0, Math.min(SAMPLE, modules.size()))) {
      try (ModuleFile file = ModuleFile.open(path)) {
        exports += compare(file, new HeadersKernel(headers));
      }
    }
    assertThat(exports).isGreaterThan(100);
  }

  /** Two static functions of one name: the one that the table's entry points at is exported. */
  @Test
  void ofTwoSymbolsOfOneNameTheOneThatIsExported() {
    TestModule module = new TestModule().thisModule(0, 0);
    ElfBuilder elf = module.elf();
    int text = elf.section(".text", TestModule.AX, 16, new byte[64]);
    elf.symbol("twice", text, 16, 8, Elf.STB_LOCAL, Elf.STT_FUNC);
    int second = elf.symbol("twice", text, 32, 8, Elf.STB_LOCAL, Elf.STT_FUNC);
    byte[] name = "twice\0".getBytes(StandardCharsets.ISO_8859_1);
    int strings = elf.section("__ksymtab_strings", TestModule.A, 1, name);
    int table = elf.section("__ksymtab", TestModule.A, 4, new byte[12]);
    elf.rela(table, 0, 2, second, 4).rela(table, 4, 2, elf.sectionSymbol(strings), 0);
    try (ModuleFile file = module.open()) {
      assertThat(compare(file, new FakeKernel())).isEqualTo(1);
    }
  }
}
