package io.linkout.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.linkout.elf.Elf;
import io.linkout.elf.ElfFile;
import io.linkout.link.x86_64.X86_64;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The image that {@code insmod -n --no-fixups --image} writes is what GNU ld makes of the same file
 * and addresses. {@code make test} compares a shuffled sample, {@code make oracle}
 * (-Dlinkout.oracle.modules=all) every module of the tree.
 */
final class GnuLdOracleTest {
  private static final LinkOptions NO_FIXUPS = new LinkOptions(false, false, false, List.of());

  /** Modules compared unless {@code linkout.oracle.modules} says how many. */
  private static final int SAMPLE = 400;

  /** Of them at least this many with {@code .data..percpu}: one module in 130 has it. */
  private static final int WITH_PERCPU = 4;

  private static final String SHUFFLE = "linkout.oracle.seed";

  @TempDir Path directory;

  @BeforeAll
  static void tools() {
    boolean there = GnuLd.available();
    if (!there) {
      System.err.println("SKIPPED: objcopy and ld (binutils) are not installed");
    }
    assumeTrue(there, "objcopy and ld are needed");
  }

  @Test
  void debianModules() throws IOException, InterruptedException, ExecutionException {
    List<Path> modules = chosen();
    KernelHeaders headers = KernelHeaders.read(Debian.headers());
    int workers = Runtime.getRuntime().availableProcessors();
    List<String> differences = new ArrayList<>();
    try (ExecutorService pool = Executors.newFixedThreadPool(workers)) {
      List<Callable<List<String>>> shares = new ArrayList<>();
      for (int i = 0; i < workers; i++) {
        int first = i;
        shares.add(() -> compareEvery(modules, first, workers, headers));
      }
      for (Future<List<String>> share : pool.invokeAll(shares)) {
        differences.addAll(share.get());
      }
    }
    assertThat(differences).isEmpty();
    System.err.println("GNU ld agrees on " + modules.size() + " modules");
  }

  /** Compares every {@code step}th of {@code modules}, in a directory of its own. */
  private List<String> compareEvery(List<Path> modules, int first, int step, KernelHeaders headers)
      throws IOException, InterruptedException {
    Path own = Files.createDirectory(directory.resolve("worker" + first));
    List<String> differences = new ArrayList<>();
    for (int i = first; i < modules.size(); i += step) {
      Path path = modules.get(i);
      byte[] image = image(path, headers, X86_64.ARCHITECTURE);
      for (String difference : GnuLd.differences(image, path, own)) {
        differences.add(path.getFileName() + " " + difference);
      }
    }
    return differences;
  }

  private static byte[] image(Path path, KernelHeaders headers, Architecture architecture)
      throws IOException {
    Linker linker =
        new Linker(new HeadersKernel(headers), architecture, ExportHints.NONE, PassTimer.NONE);
    try (ModuleFile file = ModuleFile.open(path);
        LinkedModule linked = linker.prepare(file, NO_FIXUPS)) {
      return ImageWriter.write(linked, null);
    }
  }

  private static List<Path> chosen() throws IOException {
    List<Path> all = Debian.modules();
    String wanted = System.getProperty("linkout.oracle.modules", String.valueOf(SAMPLE));
    if (wanted.equals("all")) {
      return all;
    }
    long seed = Long.getLong(SHUFFLE, 20261123);
    List<Path> shuffled = new ArrayList<>(all);
    Collections.shuffle(shuffled, new Random(seed));
    List<Path> chosen = new ArrayList<>();
    for (Path path : shuffled) {
      if (chosen.size() < WITH_PERCPU && hasPercpu(path)) {
        chosen.add(path);
      }
    }
    int count = Math.min(Integer.parseInt(wanted), shuffled.size());
    for (int i = 0; i < shuffled.size() && chosen.size() < count; i++) {
      if (!chosen.contains(shuffled.get(i))) {
        chosen.add(shuffled.get(i));
      }
    }
    assertThat(chosen).hasSize(count);
    return chosen;
  }

  private static boolean hasPercpu(Path path) throws IOException {
    try (ElfFile elf = ElfFile.open(path)) {
      int section = elf.sections().find(".data..percpu");
      return section != 0 && elf.sections().size(section) > 0;
    }
  }

  @Test
  void aWrongBitInTheRelocatorIsNoticed() throws IOException, InterruptedException {
    KernelHeaders headers = KernelHeaders.read(Debian.headers());
    Path path = Debian.module("lru_cache");
    for (int bit : new int[] {0, 13, 31}) {
      OneBitWrong wrong = new OneBitWrong(".text", 7, bit);
      List<String> differences = GnuLd.differences(image(path, headers, wrong), path, directory);
      assertThat(differences)
          .containsExactly(".text: differs at 0x" + Long.toHexString(wrong.place + bit / 8));
    }
  }

  /** The x86-64 architecture with one relocation of one section wrong by one bit. */
  private static final class OneBitWrong implements Architecture {
    private final String section;
    private final int index;
    private final int bit;
    private long place = -1;

    OneBitWrong(String section, int index, int bit) {
      this.section = section;
      this.index = index;
      this.bit = bit;
    }

    @Override
    public void relocate(RelocationSection relocations, Complaints complaints) {
      X86_64.ARCHITECTURE.relocate(relocations, complaints);
      if (relocations.targetName().equals(section)) {
        place = relocations.entries().getLong(relocations.start() + index * Elf.RELA_SIZE);
        int at = relocations.targetStart() + (int) place;
        relocations.target().putInt(at, relocations.target().getInt(at) ^ 1 << bit);
      }
    }

    @Override
    public int machine() {
      return X86_64.ARCHITECTURE.machine();
    }

    @Override
    public String name() {
      return X86_64.ARCHITECTURE.name();
    }

    @Override
    public void fixUp(FixupContext context, Complaints complaints) {
      throw new AssertionError("no fix-ups are asked for");
    }

    @Override
    public void patchSites(LinkedModule module) {
      throw new AssertionError("no fix-ups are asked for");
    }

    @Override
    public List<FixupRow> fixups() {
      return X86_64.ARCHITECTURE.fixups();
    }

    @Override
    public List<KernelTable> tables() {
      return X86_64.ARCHITECTURE.tables();
    }
  }

  @Test
  void absentFunctionsLieApartWhereNothingIsMapped() throws IOException {
    KernelHeaders headers = KernelHeaders.read(Debian.headers());
    PlainElf image = new PlainElf(image(Debian.module("xfs"), headers, X86_64.ARCHITECTURE));
    List<Long> imports = new ArrayList<>();
    for (PlainElf.Symbol symbol : image.symbols()) {
      if (symbol.section() >= 0xff00 && symbol.named() && symbol.info() >>> 4 == 1) {
        imports.add(symbol.value());
      }
    }
    assertThat(imports).hasSizeGreaterThan(300).doesNotHaveDuplicates();
    for (PlainElf.Section section : image.sections()) {
      if (section.allocated()) {
        long end = section.address() + section.size();
        assertThat(imports)
            .noneMatch(
                address ->
                    Long.compareUnsigned(address, section.address()) >= 0
                        && Long.compareUnsigned(address, end) < 0);
      }
    }
  }

  /** What gs: addresses must be an offset from the per-CPU base, never an address. */
  @Test
  void perCpuSymbolsAreOffsets() throws IOException {
    KernelHeaders headers = KernelHeaders.read(Debian.headers());
    Path path = null;
    for (Path module : Debian.modules()) {
      if (path == null && hasPercpu(module)) {
        path = module;
      }
    }
    PlainElf image = new PlainElf(image(checked(path), headers, X86_64.ARCHITECTURE));
    PlainElf.Section percpu = checked(image.section(".data..percpu"));
    assertThat(percpu.address()).isBetween(1L, 1L << 31);
    assertThat(image.symbols())
        .filteredOn(symbol -> symbol.section() == percpu.index())
        .isNotEmpty()
        .allSatisfy(
            symbol ->
                assertThat(symbol.value())
                    .isBetween(percpu.address(), percpu.address() + percpu.size()));
  }

  private static <T> T checked(@Nullable T value) {
    assertThat(value).isNotNull();
    return java.util.Objects.requireNonNull(value);
  }
}
