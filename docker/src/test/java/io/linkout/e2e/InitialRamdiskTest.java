package io.linkout.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.linkout.proto.wire.StatsReply;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/**
 * The story of the initial ramdisk: it loads module A and is gone, with A's file; later an insmod
 * on the real root loads B, which needs a symbol of A.
 */
class InitialRamdiskTest {
  private static final String B =
      """
      extern int answer_of_a(void);
      static int __init start(void) { pr_info("b: A says %d\\n", answer_of_a()); return 0; }
      static void __exit stop(void) {}
      """;

  /** What both kinds of kernel go through. */
  abstract static class Story {
    private final Daemon daemon;
    private final Map<String, Long> before;
    private final boolean linked;
    private String idOfA = "";

    /**
     * A kernel with {@code symbols}.
     *
     * @param linked files of A have a GNU build id; else they are known by their SHA-256
     */
    Story(String symbols, boolean linked) {
      this.linked = linked;
      daemon = Daemon.startWith(symbols);
      before = daemon.nine();
    }

    /** Loads A from a directory that is then deleted, as the ramdisk is. */
    @BeforeEach
    void phaseOne() throws IOException {
      Path ramdisk = Files.createDirectory(daemon.directory().resolve("ramdisk"));
      Path a = ramdisk.resolve("a.ko");
      ModuleSource.compile("a", saying(42), a);
      idOfA = buildIdOf(a);
      daemon.run("insmod", a.toString()).ok();
      Files.move(a, daemon.directory().resolve("kept-for-the-test"));
      Files.delete(ramdisk);
      ModuleSource.compile("b", B, daemon.directory().resolve("b.ko"));
    }

    @AfterEach
    void end() {
      daemon.closeAsItWas(before);
    }

    static String saying(int answer) {
      return "int answer_of_a(void) { return "
          + answer
          + "; }\nEXPORT_SYMBOL(answer_of_a);\n"
          + "static int __init start(void) { return 0; }\nstatic void __exit stop(void) {}\n";
    }

    /** Makes another A in {@code directory}, and returns its build id. */
    String rebuiltAIn(Path directory) throws IOException {
      Path a = directory.resolve("a.ko");
      ModuleSource.compile("a", saying(43), a);
      String id = buildIdOf(a);
      assertThat(id).isNotEqualTo(idOfA);
      return id;
    }

    private String buildIdOf(Path file) throws IOException {
      return linked ? ModuleSource.linkWithBuildId(file) : ModuleSource.sha256(file);
    }

    /** Returns what the file of the A that was loaded had. */
    String idOfA() {
      return idOfA;
    }

    Daemon daemon() {
      return daemon;
    }

    /** Makes the directory of the second phase's files. */
    Path realRoot() throws IOException {
      return Files.createDirectory(daemon.directory().resolve("root"));
    }

    void theSameAIn(Path directory) throws IOException {
      Files.move(daemon.directory().resolve("kept-for-the-test"), directory.resolve("a.ko"));
    }

    Tool.Outcome phaseTwo(String... options) {
      String[] words = java.util.Arrays.copyOf(options, options.length + 1);
      words[options.length] = daemon.directory().resolve("b.ko").toString();
      return daemon.run("insmod", words);
    }

    void bRuns() {
      assertThat(daemon.run("dmesg").ok().out()).contains("b: A says 42");
      assertThat(daemon.run("lsmod").ok().out()).containsPattern("(?m)^a +[0-9]+ +1 b$");
      assertThat(daemon.run("rmmod", "a").failed().err()).contains("in use by: b");
      daemon.run("rmmod", "b").ok();
    }

    void bIsNotThere() {
      assertThat(daemon.live()).containsExactly("a");
      assertThat(daemon.run("dmesg").ok().out()).contains("b: Unknown symbol answer_of_a (err -2)");
      daemon.awaitNoSessions();
      assertThat(daemon.stats().getHandles()).isZero();
    }
  }

  @Nested
  class SymbolsInTheKernel extends Story {
    SymbolsInTheKernel() {
      super("kernel", false);
    }

    @Test
    void noFileOfAIsNeeded() {
      phaseTwo().ok();
      bRuns();
    }

    @Test
    void whichFilesThereAreDoesNotMatter() throws IOException {
      Path root = realRoot();
      rebuiltAIn(root);
      phaseTwo("--search", root.toString()).ok();
      bRuns();
    }

    @Test
    void theKernelHasThem() {
      StatsReply stats = daemon().stats();
      assertThat(stats.getSymbolsMode()).isEqualTo("kernel");
      assertThat(stats.getExports()).isPositive();
      assertThat(stats.getExportTableBytes()).isPositive();
      assertThat(map()).doesNotExist();
    }

    private Path map() {
      return daemon().socket().resolveSibling("k.sock.symbols");
    }
  }

  @Nested
  class SymbolsInUserspace extends WithoutSymbols {
    SymbolsInUserspace() {
      super(false);
    }
  }

  /** The same with A linked as kbuild does it. */
  @Nested
  class SymbolsInUserspaceAndGnuBuildIds extends WithoutSymbols {
    SymbolsInUserspaceAndGnuBuildIds() {
      super(true);
    }

    @Test
    void theIdIsTheLinkers() {
      assertThat(idOfA()).matches("[0-9a-f]{40}");
      assertThat(daemon().run("lsmod", "--json").ok().out())
          .contains("\"build_id\": \"" + idOfA() + '"');
    }
  }

  /** A kernel that keeps no symbols: the file of A is needed. */
  abstract static class WithoutSymbols extends Story {
    WithoutSymbols(boolean linked) {
      super("userspace", linked);
    }

    @Test
    void theSameAInAnotherTreeWillDo() throws IOException {
      Path root = realRoot();
      theSameAIn(root);
      phaseTwo("--search", root.toString()).ok();
      bRuns();
    }

    @Test
    void theSameAIsFoundByDepmodsIndex() throws IOException {
      Path tree = realRoot().resolve("lib/modules/6.1.0-linkout");
      Path kernel = Files.createDirectories(tree.resolve("kernel"));
      theSameAIn(kernel);
      // of another name, so that its build id is all that it is found by
      Path other = Files.move(kernel.resolve("a.ko"), kernel.resolve("renamed.ko"));
      String root = depmod(tree);
      assertThat(Files.readAllLines(tree.resolve("modules.buildid")))
          .containsExactly(idOfA() + " kernel/" + other.getFileName());
      String b = daemon().directory().resolve("b.ko").toString();
      daemon().run("modprobe", "-d", root, b).ok();
      bRuns();
    }

    private String depmod(Path tree) throws IOException {
      Files.createFile(tree.resolve("modules.order"));
      Files.createFile(tree.resolve("modules.builtin"));
      String root = daemon().directory().resolve("root").toString();
      daemon().run("depmod", "-b", root, "6.1.0-linkout").ok();
      return root;
    }

    @Test
    void theSameAIsFoundThatCameAfterDepmod() throws IOException {
      Path tree = realRoot().resolve("lib/modules/6.1.0-linkout");
      Path kernel = Files.createDirectories(tree.resolve("kernel"));
      Path extra = Files.createDirectories(tree.resolve("updates"));
      rebuiltAIn(kernel);
      String root = depmod(tree);
      theSameAIn(extra);
      String b = daemon().directory().resolve("b.ko").toString();
      daemon().run("modprobe", "-d", root, b).ok();
      bRuns();
    }

    @Test
    void aRebuiltAIsRefused() throws IOException {
      Path root = realRoot();
      String rebuilt = rebuiltAIn(root);
      Tool.Outcome refused = phaseTwo("--search", root.toString()).failed();
      assertThat(refused.err())
          .contains("answer_of_a", "module a is loaded with build id " + idOfA())
          .contains(root.resolve("a.ko") + " has build id " + rebuilt);
      bIsNotThere();
    }

    @Test
    void aRebuiltAWhereTheFirstWasIsRefused() throws IOException {
      Path ramdisk = Files.createDirectory(daemon().directory().resolve("ramdisk"));
      String rebuilt = rebuiltAIn(ramdisk);
      assertThat(phaseTwo().failed().err())
          .contains("answer_of_a", "module a is loaded with build id " + idOfA())
          .contains(ramdisk.resolve("a.ko") + " has build id " + rebuilt);
      bIsNotThere();
    }

    @Test
    void withoutAItSaysWhatToDo() {
      Tool.Outcome refused = phaseTwo().failed();
      assertThat(refused.err())
          .contains("answer_of_a", "module a is loaded with build id " + idOfA())
          .contains("--search DIR names a directory that has it");
      bIsNotThere();
    }

    @Test
    void theKernelHasNone() throws IOException {
      StatsReply stats = daemon().stats();
      assertThat(stats.getSymbolsMode()).isEqualTo("userspace");
      assertThat(stats.getExports()).isZero();
      assertThat(stats.getExportTableBytes()).isZero();
      Path map = daemon().socket().resolveSibling("k.sock.symbols");
      assertThat(Files.readString(map))
          .startsWith("linkout-symbols 1 ")
          .containsPattern("(?m)^_printk 0x[0-9a-f]{16} - T -$");
      assertThat(daemon().run("ksym", "_printk").ok().out()).contains("_printk");
    }
  }
}
