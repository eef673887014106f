package io.linkout.depmod;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.github.luben.zstd.Zstd;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Modules that are not as they should be: each is named, and the lists are written all the same.
 */
final class DepmodFaultTest {
  @TempDir static Path shared;
  @TempDir Path directory;
  private static FakeTree loops;

  @BeforeAll
  static void make() {
    loops = FakeTree.in(shared.resolve("loops")).withLoop();
  }

  private static String show(Path tree, FakeTreeTest.Remarks remarks) {
    return new String(
        Depmod.lists(FakeTreeTest.request(tree), remarks).show(), StandardCharsets.UTF_8);
  }

  @Test
  void modulesThatNeedEachOtherAreNamedAndNothingIsWritten()
      throws IOException, InterruptedException {
    FakeTreeTest.Remarks remarks = new FakeTreeTest.Remarks();
    assertThatThrownBy(() -> show(loops.directory(), remarks))
        .isInstanceOf(DepmodException.class)
        .hasMessage("Found 3 modules in dependency cycles!");
    assertThat(remarks.lines)
        .containsExactly("E Cycle detected: loop_a -> loop_b -> loop_c -> loop_a");
    if (Kmod.isThere()) {
      Kmod.Outcome kmod = Kmod.depmod(loops.root(), FakeTree.RELEASE);
      assertThat(kmod)
          .isEqualTo(
              new Kmod.Outcome(
                  1,
                  "",
                  """
                  depmod: ERROR: Cycle detected: loop_a -> loop_b -> loop_c -> loop_a
                  depmod: ERROR: Found 3 modules in dependency cycles!
                  """));
    }
  }

  /** Returns a tree with the modules of kernel/lib alone. */
  private Path small() throws IOException {
    Path tree = directory.resolve("lib/modules/1.2");
    Files.createDirectories(tree);
    try (Stream<Path> files = Files.list(loops.directory().resolve("kernel/lib"))) {
      for (Path file : files.toList()) {
        Files.copy(file, tree.resolve(file.getFileName().toString()));
      }
    }
    Files.writeString(
        tree.resolve("modules.order"), "base.ko\nleft.ko\nright.ko\ntop.ko\nweak.ko\n");
    return tree;
  }

  @Test
  void whatIsNoModuleIsNamed() throws IOException {
    Path tree = small();
    Files.writeString(tree.resolve("garbage.ko"), "this is no module");
    Files.write(tree.resolve("head.ko"), new byte[] {0x7f, 'E', 'L', 'F'});
    Files.write(
        tree.resolve("zstd.ko.zst"), new byte[] {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd, 9, 9});
    FakeTreeTest.Remarks remarks = new FakeTreeTest.Remarks();
    String show = show(tree, remarks);
    assertThat(show).contains("top.ko: right.ko left.ko base.ko\n").contains("garbage.ko:\n");
    String begin = "E failed to load symbols from " + tree + "/";
    assertThat(remarks.lines)
        .hasSize(3)
        .contains(begin + "garbage.ko: Exec format error", begin + "head.ko: Invalid argument")
        .anyMatch(line -> line.startsWith(begin + "zstd.ko.zst: corrupt zstd data"));
  }

  @Test
  void compressedModulesCountAsWhatTheyHold() throws IOException {
    Path tree = small();
    for (String name : List.of("base", "left")) {
      Path plain = tree.resolve(name + ".ko");
      Files.write(tree.resolve(name + ".ko.zst"), Zstd.compress(Files.readAllBytes(plain)));
      Files.delete(plain);
    }
    FakeTreeTest.Remarks remarks = new FakeTreeTest.Remarks();
    assertThat(show(tree, remarks).lines())
        .startsWith(
            "base.ko.zst:",
            "left.ko.zst: base.ko.zst",
            "right.ko: base.ko.zst",
            "top.ko: right.ko left.ko.zst base.ko.zst");
    assertThat(remarks.lines).isEmpty();
  }

  @Test
  void aModuleOfAnySortEndsInListsOrOneLine() throws IOException {
    Path tree = small();
    byte[] module = Files.readAllBytes(tree.resolve("top.ko"));
    Random random = new Random(3);
    for (int round = 0; round < 300; round++) {
      byte[] mutated = module.clone();
      for (int change = 0; change <= round % 8; change++) {
        // the headers more often than the rest
        int at =
            random.nextBoolean()
                ? random.nextInt(64)
                : mutated.length - 1 - random.nextInt(mutated.length / 2);
        mutated[at] = (byte) random.nextInt(256);
      }
      Files.write(tree.resolve("top.ko"), mutated);
      FakeTreeTest.Remarks remarks = new FakeTreeTest.Remarks();
      assertThat(show(tree, remarks)).contains("left.ko: base.ko\n");
      assertThat(remarks.lines).allMatch(line -> line.indexOf('\n') < 0).hasSizeLessThan(3);
    }
  }

  @Test
  void unknownSymbolsAndCrcs() throws IOException, InterruptedException {
    Path symvers = directory.resolve("symvers");
    Files.writeString(
        symvers, "0x00000001\tprintk\tvmlinux\tEXPORT_SYMBOL\t\n0xzz\tx\tvmlinux\tT\n");
    Path tree = small();
    Files.delete(tree.resolve("right.ko"));
    FakeTreeTest.Remarks remarks = new FakeTreeTest.Remarks();
    Request request =
        new Request(tree, "1.2", List.of(), List.of(), symvers, null, true, false, false, '\0');
    Depmod.lists(request, remarks);
    assertThat(remarks.lines)
        .containsExactly(
            "E " + symvers + ":2 Invalid symbol version 0xzz",
            "W " + tree + "/top.ko needs unknown symbol right_value");
    assumeTrue(Kmod.isThere(), "no kmod 30 on this host");
    assertThat(Kmod.depmod(directory, "1.2", "-n", "-e", "-E", symvers.toString()).err())
        .contains("depmod: WARNING: " + tree + "/top.ko needs unknown symbol right_value\n");
  }
}
