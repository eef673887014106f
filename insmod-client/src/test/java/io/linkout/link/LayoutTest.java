package io.linkout.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.linkout.elf.ElfBuilder;
import io.linkout.elf.ElfFile;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Sections lie where Linux puts them. The rule is written down a second time here, as the kernel
 * has it: one region that grows through passes over the sections ({@code kernel/module/main.c}:
 * layout_sections, 6.1). The sizes were got from the same rule by a script of its own over
 * readelf's figures.
 */
final class LayoutTest {
  private static final long WRITE = 1;
  private static final long ALLOC = 2;
  private static final long EXECUTE = 4;
  private static final long AFTER_INIT = 1L << 40;
  private static final long PAGE = 4096;

  /** Wanted and unwanted flags of each pass; small sections, the last, do not exist on x86. */
  private static final long[][] PASSES = {
    {EXECUTE | ALLOC, 0}, {ALLOC, WRITE}, {AFTER_INIT | ALLOC, 0}, {WRITE | ALLOC, 0}
  };

  /** One of the kernel's two regions: where each section is, and where each pass ended. */
  private static final class Region {
    final Map<Integer, Long> offsets = new HashMap<>();
    final Map<Integer, Integer> passOf = new HashMap<>();
    final long[] ends = new long[PASSES.length];

    Region(PlainElf module, boolean init) {
      Set<Integer> placed = new HashSet<>();
      long size = 0;
      for (int pass = 0; pass < PASSES.length; pass++) {
        for (PlainElf.Section section : module.sections()) {
          long flags = flags(section);
          if ((flags & PASSES[pass][0]) != PASSES[pass][0]
              || (flags & PASSES[pass][1]) != 0
              || section.name().startsWith(".init") != init
              || !placed.add(section.index())) {
            continue;
          }
          size = up(size, section.alignment());
          offsets.put(section.index(), size);
          passOf.put(section.index(), pass);
          size += section.size();
        }
        size = up(size, PAGE);
        ends[pass] = size;
      }
    }

    long size() {
      return ends[PASSES.length - 1];
    }

    private static long flags(PlainElf.Section section) {
      return switch (section.name()) {
        case ".modinfo", "__versions", ".data..percpu" -> section.flags() & ~ALLOC;
        case ".data..ro_after_init", "__jump_table" -> section.flags() | AFTER_INIT;
        default -> section.flags();
      };
    }
  }

  private static long up(long value, long alignment) {
    long by = Math.max(alignment, 1);
    return (value + by - 1) / by * by;
  }

  /** The releases whose modules have the sizes below; those of others may differ. */
  private static final Set<String> RECORDED = Set.of("6.1.0-56-amd64", "6.1.0-57-amd64");

  @ParameterizedTest
  @CsvSource({
    "crc7, 12288, 0",
    "lru_cache, 12288, 0",
    "libarc4, 12288, 0",
    "test_static_keys, 16384, 8192",
    "iscsi_tcp, 24576, 8192",
    "ip_tables, 32768, 8192",
    "zram, 32768, 8192",
    "bonding, 192512, 8192",
    "kvm-intel, 348160, 12288",
    "nfsd, 573440, 12288",
    "ext4, 823296, 8192",
    "kvm, 860160, 8192",
    "xfs, 1523712, 8192",
    "btrfs, 1576960, 8192",
    "i915, 2686976, 8192",
    "amdgpu, 8527872, 8192"
  })
  void debianModules(String name, long coreBytes, long initBytes) throws IOException {
    PlainElf plain = new PlainElf(Files.readAllBytes(Debian.module(name)));
    Region core = new Region(plain, false);
    Region init = new Region(plain, true);
    if (RECORDED.contains(
        Debian.headers().getFileName().toString().replace("linux-headers-", ""))) {
      assertThat(core.size()).isEqualTo(coreBytes);
      assertThat(init.size()).isEqualTo(initBytes);
    }
    try (ElfFile elf = ElfFile.open(Debian.module(name))) {
      ModuleLayout layout = ModuleLayout.of(elf);
      assertThat(sizes(layout, false)).isEqualTo(core.size());
      assertThat(sizes(layout, true)).isEqualTo(init.size());
      compare(plain, layout, core, false);
      compare(plain, layout, init, true);
    }
  }

  /**
   * Returns what lsmod shows: each region in whole pages. That is how 6.4 has it, with a memory of
   * its own for each ({@code struct module_memory}), and the same number as 6.1's single region.
   */
  private static long sizes(ModuleLayout layout, boolean init) {
    long bytes = 0;
    for (SegmentRequest request : layout.requests()) {
      if (request.kind().init() == init && request.kind() != SegmentKind.PERCPU) {
        bytes += up(request.size(), PAGE);
      }
    }
    return bytes;
  }

  /** Each section is as far into its segment as Linux has it into its pass. */
  private static void compare(PlainElf plain, ModuleLayout layout, Region region, boolean init) {
    SegmentKind[] kinds =
        init
            ? new SegmentKind[] {
              SegmentKind.INIT_TEXT,
              SegmentKind.INIT_RODATA,
              SegmentKind.INIT_DATA,
              SegmentKind.INIT_DATA
            }
            : new SegmentKind[] {
              SegmentKind.TEXT, SegmentKind.RODATA, SegmentKind.RO_AFTER_INIT, SegmentKind.DATA
            };
    int compared = 0;
    for (PlainElf.Section section : plain.sections()) {
      Integer pass = region.passOf.get(section.index());
      Long offset = region.offsets.get(section.index());
      if (pass == null || offset == null || section.size() == 0) {
        continue;
      }
      long start = pass == 0 ? 0 : region.ends[pass - 1];
      int segment = layout.segmentOf(section.index());
      assertThat(layout.requests().get(segment).kind()).as(section.name()).isEqualTo(kinds[pass]);
      assertThat(layout.offsetOf(section.index())).as(section.name()).isEqualTo(offset - start);
      compared++;
    }
    assertThat(compared).isEqualTo(nonEmpty(plain, region));
  }

  private static int nonEmpty(PlainElf plain, Region region) {
    return (int)
        plain.sections().stream()
            .filter(s -> s.size() > 0 && region.offsets.containsKey(s.index()))
            .count();
  }

  @Test
  void sectionsKeepTheirOrderInARegionAndEachItsAlignment() {
    TestModule module = new TestModule();
    ElfBuilder elf = module.elf();
    int first = elf.section(".data", TestModule.WA, 1, new byte[3]);
    int text = elf.section(".text", TestModule.AX, 16, new byte[5]);
    int cold = elf.section(".text.unlikely", TestModule.AX, 64, new byte[5]);
    int second = elf.section(".data.once", TestModule.WA, 32, new byte[3]);
    int late = elf.section(".data..ro_after_init", TestModule.WA, 8, new byte[8]);
    int init = elf.section(".init.data", TestModule.WA, 8, new byte[8]);
    int exit = elf.section(".exit.text", TestModule.AX, 1, new byte[1]);
    try (ModuleFile file = module.thisModule(0, 0).open()) {
      ModuleLayout layout = ModuleLayout.of(file.elf());
      List<SegmentKind> kinds = new ArrayList<>();
      layout.requests().forEach(r -> kinds.add(r.kind()));
      assertThat(kinds)
          .containsExactly(
              SegmentKind.TEXT, SegmentKind.RO_AFTER_INIT, SegmentKind.DATA, SegmentKind.INIT_DATA);
      assertThat(layout.offsetOf(text)).isZero();
      assertThat(layout.offsetOf(cold)).isEqualTo(64);
      assertThat(layout.offsetOf(exit)).isEqualTo(69);
      assertThat(layout.offsetOf(first)).isZero();
      assertThat(layout.offsetOf(second)).isEqualTo(32);
      assertThat(layout.segmentOf(late)).isEqualTo(1);
      assertThat(layout.segmentOf(init)).isEqualTo(3);
    }
  }
}
