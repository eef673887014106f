package io.linkout.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.linkout.depmod.FakeTree;
import io.linkout.link.ModuleFile;
import io.linkout.link.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command: its options, what it writes and where. */
final class DepmodTest {
  @TempDir static Path directory;
  private static FakeTree tree;
  private static String root;

  @BeforeAll
  static void make() {
    tree = FakeTree.in(directory.resolve("root"));
    root = tree.root().toString();
  }

  private static Ran depmod(String... words) {
    List<String> all = new ArrayList<>(List.of(words));
    all.addFirst("depmod");
    return Ran.in(Map.of("LINKOUT_SOCKET", "/nowhere/k"), all.toArray(String[]::new));
  }

  @Test
  void writesTheListsWholeAndNothingElse() throws IOException {
    Path out = directory.resolve("out");
    assertThat(depmod("-a", "-b", root, "-o", out.toString(), FakeTree.RELEASE))
        .isEqualTo(new Ran(0, "", ""));
    Path lists = out.resolve("lib/modules").resolve(FakeTree.RELEASE);
    try (Stream<Path> files = Files.list(lists)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder(
              "modules.dep",
              "modules.alias",
              "modules.softdep",
              "modules.weakdep",
              "modules.symbols",
              "modules.devname",
              "modules.buildid");
    }
    assertThat(Files.readString(lists.resolve("modules.weakdep")))
        .isEqualTo("# Weak dependencies extracted from modules themselves.\nweakdep weak left\n");
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(lists.resolve("modules.dep"))))
        .startsWith("rw-")
        .doesNotContain("x");
  }

  @Test
  void everyFileIsFoundByWhatTheLinkerCallsIt() throws IOException, InterruptedException {
    Path lib = tree.directory().resolve("kernel/lib");
    Path plain = lib.resolve("identified.ko");
    Path packed = lib.resolve("packed.ko.gz");
    Path large = lib.resolve("large.ko");
    try {
      Programs.run(
          List.of("ld", "-r", "--build-id=0x0123abcd", "-o", plain.toString(), lib + "/base.ko"));
      Path padding = Files.write(directory.resolve("padding"), new byte[2 << 20]);
      Programs.run(
          List.of(
              "objcopy",
              "--add-section",
              ".padding=" + padding,
              lib + "/right.ko",
              large.toString()));
      try (var out = new java.util.zip.GZIPOutputStream(Files.newOutputStream(packed))) {
        Files.copy(lib.resolve("left.ko"), out);
      }
      Path out = directory.resolve("ids");
      assertThat(depmod("-a", "-b", root, "-o", out.toString(), FakeTree.RELEASE).status())
          .isZero();
      List<String> lines =
          Files.readAllLines(
              out.resolve("lib/modules").resolve(FakeTree.RELEASE).resolve("modules.buildid"));
      assertThat(lines).isSorted().hasSizeGreaterThan(10);
      assertThat(lines).contains("0123abcd kernel/lib/identified.ko");
      for (String line : lines) {
        String path = line.substring(line.indexOf(' ') + 1);
        try (ModuleFile file = ModuleFile.open(tree.directory().resolve(path))) {
          assertThat(line).isEqualTo(file.buildId() + " " + path);
        }
      }
    } finally {
      Files.deleteIfExists(plain);
      Files.deleteIfExists(packed);
      Files.deleteIfExists(large);
    }
  }

  @Test
  void withoutAVersionTheOnlyTreeThereIs() {
    assertThat(depmod("-n", "-b", root).out()).startsWith("kernel/lib/base.ko:\n");
    Ran variable =
        Ran.in(Map.of("LINKOUT_MODULES", root, "LINKOUT_SOCKET", "/nowhere/k"), "depmod", "--show");
    assertThat(variable.out()).startsWith("kernel/lib/base.ko:\n");
  }

  @Test
  void filesAloneAreListedAlone() {
    String left = tree.directory().resolve("kernel/lib/left.ko").toString();
    String base = tree.directory().resolve("kernel/lib/base.ko").toString();
    Ran ran = depmod("-n", "-b", root, FakeTree.RELEASE, left, base);
    assertThat(ran.out())
        .startsWith("kernel/lib/base.ko:\nkernel/lib/left.ko: kernel/lib/base.ko\n#");
    assertThat(depmod("-n", "-b", root, FakeTree.RELEASE, "left.ko"))
        .isEqualTo(new Ran(1, "", "depmod: ERROR: left.ko: not absolute path.\n"));
    assertThat(depmod("-b", root, FakeTree.RELEASE, "/none.ko").err())
        .isEqualTo("depmod: ERROR: could not create module /none.ko: No such file or directory\n");
  }

  @Test
  void quickDoesNothingUnlessAModuleIsNewer() throws IOException {
    Path list = tree.directory().resolve("modules.dep");
    Path module = tree.directory().resolve("kernel/lib/base.ko");
    assertThat(depmod("-b", root, FakeTree.RELEASE).status()).isZero();
    FileTime modified = Files.getLastModifiedTime(module);
    Files.writeString(list, "old\n");
    assertThat(depmod("-A", "-b", root, FakeTree.RELEASE)).isEqualTo(new Ran(0, "", ""));
    assertThat(list).hasContent("old\n");
    Files.setLastModifiedTime(module, FileTime.fromMillis(modified.toMillis() + 3_600_000));
    assertThat(depmod("-A", "-b", root, FakeTree.RELEASE)).isEqualTo(new Ran(0, "", ""));
    assertThat(Files.readString(list)).startsWith("kernel/lib/base.ko:\n");
    Files.setLastModifiedTime(module, modified);
  }

  @Test
  void whatCannotBeDoneIsOneLine() {
    assertThat(depmod("-b", root, "no-version"))
        .isEqualTo(new Ran(1, "", "depmod: ERROR: Bad version passed no-version\n"));
    assertThat(depmod("-P", "xy", "-b", root, FakeTree.RELEASE))
        .isEqualTo(new Ran(1, "", "depmod: ERROR: -P only takes a single char\n"));
    assertThat(depmod("-E", "/none", "-b", root, FakeTree.RELEASE))
        .isEqualTo(
            new Ran(1, "", "depmod: ERROR: could not load /none: No such file or directory\n"));
    assertThat(depmod("-b", root, "9.9").err())
        .endsWith("depmod: ERROR: could not search modules: No such file or directory\n");
    assertThat(depmod("-n", "-e", "-q", "-b", root, FakeTree.RELEASE).err())
        .isEqualTo(
            """
            depmod: WARNING: Ignored deprecated option -q
            depmod: WARNING: -e needs -E or -F
            """);
  }

  @Test
  void versionsInSectionsOfTheirOwnAreCompared() throws IOException, InterruptedException {
    Path lib = tree.directory().resolve("kernel/lib");
    Path names = directory.resolve("names");
    Path crcs = directory.resolve("crcs");
    Path module = lib.resolve("newer.ko");
    Path symvers = directory.resolve("Module.symvers");
    Files.writeString(symvers, "0x00000005\t_printk\tvmlinux\tEXPORT_SYMBOL\t\n");
    try {
      Files.writeString(names, "_printk\0");
      Files.write(crcs, new byte[] {5, 0, 0, 0});
      assertThat(newer(lib, module, names, crcs, symvers)).isEmpty();
      Files.write(crcs, new byte[] {6, 0, 0, 0});
      assertThat(newer(lib, module, names, crcs, symvers))
          .containsExactly(
              "depmod: WARNING: " + module + " disagrees about version of symbol _printk");
      Files.write(crcs, new byte[] {5, 0, 0, 0, 7, 0, 0, 0});
      assertThat(newer(lib, module, names, crcs, symvers).getFirst())
          .contains(module + ": section __version_ext_names has fewer names than there are CRCs");
    } finally {
      Files.deleteIfExists(module);
    }
  }

  /** Makes a module that uses _printk with these versions and returns what is said of it. */
  private static List<String> newer(Path lib, Path module, Path names, Path crcs, Path symvers)
      throws IOException, InterruptedException {
    Programs.run(
        List.of(
            "objcopy",
            "--add-section",
            "__version_ext_names=" + names,
            "--add-section",
            "__version_ext_crcs=" + crcs,
            lib + "/weak.ko",
            module.toString()));
    return depmod("-n", "-e", "-E", symvers.toString(), "-b", root, FakeTree.RELEASE)
        .err()
        .lines()
        .filter(line -> line.contains("newer.ko"))
        .filter(line -> !line.contains("unknown symbol"))
        .toList();
  }

  @Test
  void verboseShowsEachDependency() {
    assertThat(depmod("-n", "-v", "-b", root, FakeTree.RELEASE).out())
        .contains(
            tree.directory()
                + "/kernel/lib/left.ko needs \"base_value\": "
                + tree.directory()
                + "/kernel/lib/base.ko\n");
  }
}
