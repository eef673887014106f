package io.linkout.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** {@code kmap --gdb} and {@code insmod --image}: what gdb needs to know what is loaded where. */
@Tag("loader")
class DebuggerTest {
  private static final String CODE =
      """
      int counter = 7;
      static __attribute__((noipa)) int twice(int x) { return x * 2 + counter; }
      int reach(int x);
      int reach(int x) { return twice(x) * 3; }
      static int __init start(void) { return 0; }
      static void __exit stop(void) { pr_info("%p\\n", reach); }
      """;

  private final Daemon daemon = Daemon.start();
  private final Path module = daemon.directory().resolve("with blank/seen.ko");
  private final Path image = daemon.directory().resolve("image.elf");

  @BeforeEach
  void load() throws IOException {
    Files.createDirectory(module.getParent());
    ModuleSource.compile("seen", CODE, module, "-g");
    daemon.run("insmod", "--image", image.toString(), module.toString()).ok();
  }

  @AfterEach
  void stop() {
    daemon.close();
  }

  @Test
  void aLineAModule() {
    assertThat(daemon.run("kmap", "--gdb").ok().lines())
        .singleElement()
        .asString()
        .startsWith("add-symbol-file " + module.toString().replace(" ", "\\ ") + " ")
        .containsPattern(" -s \\.text 0xffffffff[0-9a-f]{8} ")
        .containsPattern(" -s \\.data 0xffffffff[0-9a-f]{8}")
        .doesNotContain(".init.text", ".debug");
  }

  @Test
  void anotherBuildIsRefused() throws IOException {
    ModuleSource.compile("seen", CODE.replace("* 3", "* 5"), module, "-g");
    Tool.Outcome listed = daemon.run("kmap", "--gdb");
    assertThat(listed.status()).isZero();
    assertThat(listed.out()).isEmpty();
    assertThat(listed.err())
        .startsWith("kmap: WARNING: module seen: no file with build id ")
        .contains(module + " has build id ");
  }

  /** Whether gdb can read a file depends on what is in it, not on its name. */
  @Test
  void anyNameWillDoAndPackedFilesWillNot() throws IOException {
    daemon.run("rmmod", "seen").ok();
    Path object = module.resolveSibling("seen.o");
    Files.move(module, object);
    daemon.run("insmod", object.toString()).ok();
    assertThat(daemon.run("kmap", "--gdb").ok().lines())
        .singleElement()
        .asString()
        .startsWith("add-symbol-file " + object.toString().replace(" ", "\\ ") + " ");
    daemon.run("rmmod", "seen").ok();
    try (OutputStream packed = new GZIPOutputStream(Files.newOutputStream(module))) {
      Files.copy(object, packed);
    }
    daemon.run("insmod", module.toString()).ok();
    Tool.Outcome listed = daemon.run("kmap", "--gdb");
    assertThat(listed.status()).isZero();
    assertThat(listed.out()).isEmpty();
    assertThat(listed.err())
        .isEqualTo("kmap: WARNING: module seen: gdb cannot unpack " + module + "\n");
  }

  @Test
  void gdbSeesTheModule() throws IOException {
    assumeTrue(Tool.isThere("gdb"), "SKIPPED: no gdb here");
    Path script = daemon.directory().resolve("modules.gdb");
    Files.writeString(script, daemon.run("kmap", "--gdb").ok().out());
    String seen =
        Tool.start(
                List.of(
                    "gdb",
                    "-nx",
                    "-batch",
                    image.toString(),
                    "-x",
                    script.toString(),
                    "-ex",
                    "info line reach",
                    "-ex",
                    "info symbol reach",
                    "-ex",
                    "info address counter",
                    "-ex",
                    "x/8i reach",
                    "-ex",
                    "x/dw &counter"))
            .await()
            .out();
    String kernels = daemon.run("kcall", "seen:reach", "1").ok().out();
    assertThat(kernels).isEqualTo("0x000000000000001b\n");
    assertThat(seen)
        .containsPattern("Line 5 of \".*\\.c\" (is|starts) at address 0xffffffff[0-9a-f]{8} <reach")
        .containsPattern("reach in section \\.text of .*with blank/seen\\.ko")
        // the code is the image's, which was linked to the addresses that the file now has
        .containsPattern("call +0xffffffff[0-9a-f]{8} <twice")
        .containsPattern("<counter>:\\s+7");
    assertThat(alone("info address reach")).isEqualTo(addressOf(seen));
  }

  /** What the image says by itself. */
  private String alone(String question) {
    String said =
        Tool.start(List.of("gdb", "-nx", "-batch", image.toString(), "-ex", question))
            .await()
            .out();
    return said.replaceAll("(?s).*(0xffffffff[0-9a-f]{8}).*", "$1");
  }

  private static String addressOf(String seen) {
    return seen.replaceAll("(?s).*at address (0xffffffff[0-9a-f]{8}) <reach.*", "$1");
  }
}
