package io.linkout.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** modprobe against a kernel: what it loads, in which order, and what it leaves when it fails. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("loader")
class ModprobeTest {
  private static final String RELEASE = "6.1.0-linkout";

  private final Daemon daemon = Daemon.start();
  private final Path root = daemon.directory().resolve("root");
  private final Path tree = root.resolve("lib/modules").resolve(RELEASE);
  private final Path config = root.resolve("etc/modprobe.d/test.conf");

  @BeforeAll
  void makeTree() throws IOException {
    Files.createDirectories(tree.resolve("kernel"));
    Files.createDirectories(root.resolve("etc/modprobe.d"));
    for (String name : List.of("exporter", "importer", "hello")) {
      Files.copy(Path.of(Tool.example(name)), tree.resolve("kernel/" + name + ".ko"));
    }
    compile(
        "breaks",
        """
        extern int exporter_answer(void);
        int breaks_value(void) { return exporter_answer(); }
        EXPORT_SYMBOL(breaks_value);
        static int __init start(void) { return -5; }
        static void __exit stop(void) {}
        """);
    compile(
        "last",
        """
        extern int breaks_value(void);
        static int __init start(void) { return breaks_value() ? 0 : 0; }
        static void __exit stop(void) {}
        """);
    compile(
        "exits",
        """
        __attribute__((noipa)) static int reach(int *p) { return *p + 1; }
        static int __init start(void) { return 0; }
        static void __exit stop(void) { if (reach((int *)8)) pr_info("no\\n"); }
        """);
    Tool.start(List.of(Tool.TOP.resolve("bin/depmod").toString(), "-b", root.toString(), RELEASE))
        .await();
    assertThat(tree.resolve("modules.dep")).isNotEmptyFile();
  }

  private void compile(String name, String code) throws IOException {
    ModuleSource.compile(name, code, tree.resolve("kernel/" + name + ".ko"));
  }

  @AfterEach
  void unload() throws IOException {
    Files.deleteIfExists(config);
    for (String name : List.of("last", "importer", "breaks", "exporter", "hello")) {
      if (daemon.live().contains(name)) {
        daemon.run("rmmod", name).ok();
      }
    }
  }

  @AfterAll
  void stopKernel() {
    daemon.close();
  }

  private Tool.Outcome modprobe(String... words) {
    List<String> all = new ArrayList<>(List.of("-d", root.toString()));
    all.addAll(List.of(words));
    return daemon.run("modprobe", all.toArray(String[]::new));
  }

  private String file(String name) {
    return tree.resolve("kernel/" + name + ".ko").toString();
  }

  @Test
  void whatIsNeededIsLoadedFirstAndGoesWithTheLastUser() {
    Map<String, Long> before = daemon.nine();
    assertThat(modprobe("-nv", "importer").ok().lines())
        .containsExactly("insmod " + file("exporter") + " ", "insmod " + file("importer") + " ");
    assertThat(daemon.live()).isEmpty();
    assertThat(modprobe("importer").ok().out()).isEmpty();
    assertThat(daemon.live()).containsExactly("importer", "exporter");
    modprobe("importer").ok();
    assertThat(modprobe("--first-time", "importer").failed().err())
        .isEqualTo("modprobe: ERROR: could not insert 'importer': Module already in kernel\n");
    assertThat(modprobe("-r", "exporter").failed().err())
        .isEqualTo("modprobe: FATAL: Module exporter is in use.\n");
    assertThat(modprobe("-rv", "importer").ok().lines())
        .containsExactly("rmmod importer", "rmmod exporter");
    assertThat(daemon.nine()).isEqualTo(before);
    modprobe("-r", "importer").ok();
    assertThat(modprobe("-r", "--first-time", "importer").failed().err())
        .isEqualTo("modprobe: FATAL: Module importer is not in kernel.\n");
  }

  @Test
  void holdersAreRemovedWhenAskedFor() {
    modprobe("importer").ok();
    modprobe("-r", "--remove-holders", "exporter").ok();
    assertThat(daemon.live()).isEmpty();
  }

  @Test
  void aFailureInTheMiddleNamesItAndWhatIsThere() {
    assertThat(modprobe("last").failed().err())
        .startsWith("modprobe: ERROR: could not insert 'last': Input/output error\n")
        .contains("  it needs breaks (" + file("breaks") + "): Input/output error\n")
        .endsWith("  loaded for it and still there: exporter\n");
    assertThat(daemon.live()).containsExactly("exporter");
    assertThat(daemon.stats().getHandles()).isZero();
    assertThat(daemon.stats().getPins()).isZero();
  }

  @Test
  void aWishThatFailsHoldsNothingUp() throws IOException {
    Files.writeString(config, "softdep hello pre: breaks post: exporter nosuch\n");
    modprobe("hello").ok();
    assertThat(daemon.live()).contains("hello", "exporter").doesNotContain("breaks");
    modprobe("-r", "hello").ok();
    assertThat(daemon.live()).isEmpty();
  }

  @Test
  void parametersComeFromConfigurationCommandLineAndOperands() throws IOException {
    Files.writeString(config, "options hello times=2\nalias greeter hello\noptions greeter loud\n");
    Path commandLine = root.resolve("proc/cmdline");
    Files.createDirectories(root.resolve("proc"));
    Files.writeString(commandLine, "quiet hello.tag=boot hello.numbers=1,2\n");
    modprobe("greeter", "whom=two words").ok();
    Files.delete(commandLine);
    assertThat(daemon.run("dmesg").ok().out()).contains("Hello, two words!").contains("tag boot");
  }

  @Test
  void installAndRemoveCommandsRunInThePlaceOfTheModule() throws IOException {
    Files.writeString(
        config,
        "options hello times=2\ninstall hello echo $MODPROBE_MODULE: \"$CMDLINE_OPTS\"; "
            + Tool.TOP.resolve("bin/modprobe")
            + " -i hello $CMDLINE_OPTS\nremove hello exit 3\n");
    assertThat(modprobe("hello", "tag=x").ok().lines()).containsExactly("hello: times=2 tag=x");
    assertThat(daemon.live()).containsExactly("hello");
    assertThat(modprobe("-r", "hello").failed().err())
        .isEqualTo("modprobe: FATAL: Error running remove command for hello\n");
    modprobe("-r", "-i", "hello").ok();
    Files.writeString(config, "install hello exit 4\n");
    assertThat(modprobe("hello").failed().err())
        .contains("could not insert 'hello'", "ended with status 4");
    assertThat(daemon.live()).isEmpty();
  }

  @Test
  void blacklistedModulesAreNotLoadedByAlias() throws IOException {
    Files.writeString(config, "blacklist hello\nalias greeter hello\n");
    modprobe("greeter").ok();
    modprobe("-b", "hello").ok();
    assertThat(daemon.live()).isEmpty();
    modprobe("hello").ok();
    assertThat(daemon.live()).containsExactly("hello");
  }

  @Test
  void aFileIsLoadedByItsPathWithWhatItNeeds() {
    modprobe(file("importer")).ok();
    assertThat(daemon.live()).containsExactly("importer", "exporter");
  }

  @Test
  void aBadParameterIsNamed() {
    assertThat(modprobe("hello", "nosuch=1").failed().err()).contains("unknown parameter nosuch");
    assertThat(modprobe("-q", "nosuch").err()).isEmpty();
    assertThat(modprobe("-a", "nosuch", "hello").failed().err())
        .isEqualTo("modprobe: WARNING: Module nosuch not found in directory " + tree + "\n");
    assertThat(daemon.live()).containsExactly("hello");
  }

  @Test
  void anExitThatDiesIsNamed() {
    modprobe("exits").ok();
    assertThat(modprobe("-r", "exits").failed().err())
        .startsWith("modprobe: ERROR: could not remove 'exits': ")
        .containsPattern("  RIP: 0010:reach\\+0x[0-9a-f]+/0x[0-9a-f]+ \\[exits]")
        .containsPattern(" (stop|cleanup_module)\\+0x[0-9a-f]+/0x");
    daemon.run("rmmod", "-f", "exits").ok();
  }

  /** The tree that -d names also has the names of an oops, and who would export a symbol. */
  @Test
  void theGivenTreeHasNamesAndHints() throws IOException {
    Path lists = tree.resolve("modules.dep");
    String listed = Files.readString(lists);
    Path first = daemon.directory().resolve("library.ko");
    ModuleSource.compile("library", LostFilesTest.library("library"), first);
    compile("caller", LostFilesTest.caller("library"));
    daemon.run("insmod", first.toString()).ok();
    try {
      // the lists know nothing of the two
      Files.move(first, Path.of(file("library")));
      assertThat(modprobe(file("caller")).failed().err()).contains("RIP: 0010:deep+0x");
      Files.writeString(lists, listed.replaceAll("(?m)^(kernel/importer.ko:).*$", "$1"));
      assertThat(modprobe("importer").failed().err())
          .contains("unknown symbol exporter_answer: module exporter would export it");
    } finally {
      Files.writeString(lists, listed);
      Files.deleteIfExists(Path.of(file("library")));
      Files.delete(Path.of(file("caller")));
      daemon.run("rmmod", "library").ok();
    }
  }

  @Test
  void noKernelIsNeededForAReleaseThatIsGiven() {
    assertThat(
            Tool.run(
                    daemon.directory().resolve("none.sock"),
                    "modprobe",
                    "-d",
                    root.toString(),
                    "-S",
                    RELEASE,
                    "-D",
                    "importer")
                .ok()
                .lines())
        .hasSize(2);
    assertThat(
            Tool.run(
                    daemon.directory().resolve("none.sock"),
                    "modprobe",
                    "-d",
                    root.toString(),
                    "importer")
                .failed()
                .err())
        .contains("no kernel at");
  }
}
