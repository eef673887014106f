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

    Story(String symbols) {
      daemon = Daemon.startWith(symbols);
      before = daemon.nine();
    }

    /** Loads A from a directory that is then deleted, as the ramdisk is. */
    @BeforeEach
    void phaseOne() throws IOException {
      Path ramdisk = Files.createDirectory(daemon.directory().resolve("ramdisk"));
      Path a = ramdisk.resolve("a.ko");
      ModuleSource.compile("a", saying(42), a);
      daemon.run("insmod", a.toString()).ok();
      Files.move(a, daemon.directory().resolve("kept-for-the-test"));
      Files.delete(ramdisk);
      ModuleSource.compile("b", B, daemon.directory().resolve("b.ko"));
    }

    @AfterEach
    void end() {
      try (daemon) {
        for (String name : daemon.live()) {
          daemon.run("rmmod", name).ok();
        }
        daemon.awaitNoSessions();
        assertThat(daemon.nine()).isEqualTo(before);
      }
    }

    static String saying(int answer) {
      return "int answer_of_a(void) { return "
          + answer
          + "; }\nEXPORT_SYMBOL(answer_of_a);\n"
          + "static int __init start(void) { return 0; }\nstatic void __exit stop(void) {}\n";
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
      super("kernel");
    }

    @Test
    void noFileOfAIsNeeded() {
      phaseTwo().ok();
      bRuns();
    }

    @Test
    void whichFilesThereAreDoesNotMatter() throws IOException {
      Path root = realRoot();
      ModuleSource.compile("a", saying(43), root.resolve("a.ko"));
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
  class SymbolsInUserspace extends Story {
    SymbolsInUserspace() {
      super("userspace");
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
      Files.createDirectories(tree.resolve("kernel"));
      theSameAIn(tree.resolve("kernel"));
      Files.copy(daemon().directory().resolve("b.ko"), tree.resolve("kernel/b.ko"));
      String root = daemon().directory().resolve("root").toString();
      daemon().run("depmod", "-b", root, "6.1.0-linkout");
      daemon().run("modprobe", "-d", root, "b").ok();
      bRuns();
    }

    @Test
    void aRebuiltAIsRefused() throws IOException {
      Path root = realRoot();
      ModuleSource.compile("a", saying(43), root.resolve("a.ko"));
      Tool.Outcome refused = phaseTwo("--search", root.toString()).failed();
      assertThat(refused.err())
          .contains("answer_of_a", "module a is loaded with build id " + buildIdOfA())
          .contains(root.resolve("a.ko") + " has build id ")
          .doesNotContain("Exception");
      bIsNotThere();
    }

    @Test
    void withoutAItSaysWhatToDo() {
      Tool.Outcome refused = phaseTwo().failed();
      assertThat(refused.err())
          .contains("answer_of_a", "module a is loaded with build id " + buildIdOfA())
          .contains("--search DIR names a directory that has the file it was loaded from");
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

    private String buildIdOfA() {
      String prefix = "\"build_id\": \"";
      String listed = daemon().run("lsmod", "--json").ok().out();
      int at = listed.indexOf(prefix) + prefix.length();
      return listed.substring(at, listed.indexOf('"', at));
    }
  }
}
