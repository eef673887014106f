package io.linkout.link.x86_64;

import static org.assertj.core.api.Assertions.assertThat;

import io.linkout.elf.ElfBuilder;
import io.linkout.link.FakeKernel;
import io.linkout.link.LinkOptions;
import io.linkout.link.LinkedModule;
import io.linkout.link.ModuleFile;
import io.linkout.link.ModuleImage;
import io.linkout.link.TestModule;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.function.BiFunction;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tables are sorted, and every entry still points at what it pointed at. */
final class SortedTablesTest {
  private static final int PC32 = 2;
  private static final int PC64 = 24;
  private static final int CODE = 4096;

  private final TestModule module = new TestModule();
  private final ElfBuilder elf = module.elf();
  private final int text = elf.section(".text", TestModule.AX, 16, new byte[CODE]);
  private final int cold = elf.section(".text.unlikely", TestModule.AX, 1, new byte[CODE]);
  private final int init = elf.section(".init.text", TestModule.AX, 16, new byte[CODE]);
  private final int data = elf.section(".data", TestModule.WA, 16, new byte[CODE]);

  private <T> List<T> linked(String table, int size, BiFunction<ModuleImage, Long, T> entry) {
    List<T> found = new ArrayList<>();
    try (ModuleFile file = module.thisModule(0, 0).open();
        LinkedModule linked =
            TestModule.linker(new FakeKernel()).prepare(file, LinkOptions.DEFAULT)) {
      int section = linked.plan().elf().sections().find(table);
      long start = linked.plan().sectionAddress(section);
      for (long at = start; at < start + linked.plan().elf().sections().size(section); at += size) {
        found.add(entry.apply(linked.image(), at));
      }
    }
    return found;
  }

  private static long relative(ModuleImage image, long at) {
    return at + image.getInt(at);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void exceptionsByInstruction(long seed) {
    Random random = new Random(seed);
    int count = 50;
    byte[] content = new byte[12 * count];
    List<Integer> sites = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int site = random.nextInt(CODE / 4) * 4;
      sites.add(site);
      content[12 * i + 8] = (byte) site;
      content[12 * i + 9] = (byte) (site >> 8);
    }
    int table = elf.section("__ex_table", TestModule.A, 4, content);
    int code = elf.sectionSymbol(text);
    for (int i = 0; i < count; i++) {
      elf.rela(table, 12L * i, PC32, code, sites.get(i));
      elf.rela(table, 12L * i + 4, PC32, code, sites.get(i) + 1);
    }
    List<String> entries =
        linked(
            "__ex_table",
            12,
            (image, at) ->
                (relative(image, at) - FakeKernel.MODULES)
                    + " "
                    + (relative(image, at + 4) - FakeKernel.MODULES)
                    + " "
                    + image.getInt(at + 8));
    List<String> expected = sites.stream().sorted().map(s -> s + " " + (s + 1) + " " + s).toList();
    assertThat(entries).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void jumpLabelsByKeyThenCode(long seed) {
    Random random = new Random(seed);
    int count = 40;
    int table = elf.section("__jump_table", TestModule.WA, 8, new byte[16 * count]);
    int code = elf.sectionSymbol(text);
    int keys = elf.sectionSymbol(data);
    List<long[]> wanted = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      long[] entry = {
        random.nextInt(5) * 16L, i == 0 ? 7 : random.nextInt(4000), random.nextInt(2)
      };
      wanted.add(entry);
      elf.rela(table, 16L * i, PC32, code, entry[1]);
      elf.rela(table, 16L * i + 4, PC32, code, entry[1] + 2);
      elf.rela(table, 16L * i + 8, PC64, keys, entry[0] + entry[2]);
    }
    wanted.sort(Comparator.<long[]>comparingLong(e -> e[0]).thenComparingLong(e -> e[1]));
    List<List<Long>> entries =
        linked(
            "__jump_table",
            16,
            (image, at) -> {
              long tagged = at + 8 + image.getLong(at + 8) - image.plan().sectionAddress(data);
              assertThat(relative(image, at + 4)).isEqualTo(relative(image, at) + 2);
              return List.of(tagged & ~3L, relative(image, at) - FakeKernel.MODULES, tagged & 3);
            });
    assertThat(entries.stream().map(e -> e.get(0) + " " + e.get(1)).toList())
        .isEqualTo(wanted.stream().map(e -> e[0] + " " + e[1]).toList());
    assertThat(entries.stream().mapToLong(e -> e.get(2)).sum())
        .as("branch bits moved along")
        .isEqualTo(wanted.stream().mapToLong(e -> e[2]).sum());
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void staticCallsByKey(long seed) {
    Random random = new Random(seed);
    int count = 30;
    int table = elf.section(".static_call_sites", TestModule.WA, 4, new byte[8 * count]);
    int code = elf.sectionSymbol(text);
    int keys = elf.sectionSymbol(data);
    List<String> wanted = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int key = random.nextInt(20) * 16;
      int flags = random.nextInt(2);
      // The site tells which entry it is: it must stay with its key and flags.
      int site = i * 8;
      wanted.add(String.format("%05d %d %d", key, site, flags));
      elf.rela(table, 8L * i, PC32, code, site).rela(table, 8L * i + 4, PC32, keys, key + flags);
    }
    List<String> entries =
        linked(
            ".static_call_sites",
            8,
            (image, at) -> {
              long tagged = relative(image, at + 4) - image.plan().sectionAddress(data);
              return String.format(
                  "%05d %d %d", tagged & ~3L, relative(image, at) - FakeKernel.MODULES, tagged & 3);
            });
    assertThat(entries).containsExactlyInAnyOrderElementsOf(wanted);
    assertThat(entries.stream().map(e -> e.substring(0, 5)).toList()).isSorted();
  }

  /** Entries as objtool and ld leave them: rising within each code section. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void unwindEntriesDealtOutToTheirSections(long seed) {
    unwind(seed, true);
  }

  @ParameterizedTest
  @ValueSource(longs = {4, 5, 6})
  void unwindEntriesInAnyOrder(long seed) {
    unwind(seed, false);
  }

  private void unwind(long seed, boolean rising) {
    Random random = new Random(seed);
    int[] sections = {elf.sectionSymbol(text), elf.sectionSymbol(cold), elf.sectionSymbol(init)};
    int[] next = new int[3];
    int count = 90;
    byte[] registers = new byte[6 * count];
    int ips = elf.section(".orc_unwind_ip", TestModule.A, 4, new byte[4 * count]);
    List<long[]> wanted = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int section = random.nextInt(3);
      int offset = rising ? next[section] : random.nextInt(CODE);
      boolean gapEnd = random.nextInt(4) == 0;
      // A real entry may follow at the address of a gap's end.
      next[section] = offset + (gapEnd ? 0 : 1) + (gapEnd && random.nextBoolean() ? 1 : 0);
      registers[6 * i] = (byte) i;
      registers[6 * i + 4] = (byte) (gapEnd ? 0 : 5);
      elf.rela(ips, 4L * i, PC32, sections[section], offset);
      wanted.add(new long[] {section, offset, gapEnd ? 0 : 1, i});
    }
    elf.section(".orc_unwind", TestModule.A, 2, registers);
    wanted.sort(
        Comparator.<long[]>comparingLong(e -> e[0])
            .thenComparingLong(e -> e[1])
            .thenComparingLong(e -> e[2])
            .thenComparingLong(e -> e[3]));
    try (ModuleFile file = module.thisModule(0, 0).open();
        LinkedModule linked =
            TestModule.linker(new FakeKernel()).prepare(file, LinkOptions.DEFAULT)) {
      long[] bases = {
        linked.plan().sectionAddress(text),
        linked.plan().sectionAddress(cold),
        linked.plan().sectionAddress(init)
      };
      long orc = linked.plan().sectionAddress(linked.plan().elf().sections().find(".orc_unwind"));
      List<String> found = new ArrayList<>();
      List<String> expected = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        long at = linked.plan().sectionAddress(ips) + 4L * i;
        found.add(relative(linked.image(), at) + " " + linked.image().getByte(orc + 6L * i));
        long[] entry = wanted.get(i);
        expected.add((bases[(int) entry[0]] + entry[1]) + " " + (byte) entry[3]);
      }
      assertThat(found).isEqualTo(expected);
    }
  }
}
