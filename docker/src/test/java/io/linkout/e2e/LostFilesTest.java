package io.linkout.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Commands that need the file of a module which is loaded, and it is gone or another by now. */
@Tag("loader")
class LostFilesTest {
  private static final String CODE =
      """
      static __attribute__((noipa, used)) int twice(int x) { return x * 2; }
      __attribute__((noipa, used)) static int die(int *p) { return *p + 1; }
      int offered = 7;
      EXPORT_SYMBOL(offered);
      static int __init start(void) { return 0; }
      static void __exit stop(void) {}
      """;

  private final Daemon daemon = Daemon.start();
  private final Path module = daemon.directory().resolve("m.ko");
  private String loadedId = "";

  @BeforeEach
  void load() throws IOException {
    ModuleSource.compile("m", CODE, module);
    loadedId = ModuleSource.sha256(module);
    daemon.run("insmod", module.toString()).ok();
    assertThat(daemon.run("kcall", "m:twice", "4").ok().out()).isEqualTo("0x0000000000000008\n");
  }

  @AfterEach
  void stop() {
    daemon.close();
  }

  private void assertRefused(String reason, String advice, String... options) {
    String[] words = java.util.Arrays.copyOf(options, options.length + 2);
    words[options.length] = "m:twice";
    words[options.length + 1] = "4";
    assertThat(daemon.run("kcall", words).failed().err())
        .isEqualTo(
            "kcall: ERROR: cannot tell where m:twice is: module m is loaded with build id "
                + loadedId
                + ", and no such file is there: "
                + reason
                + "; "
                + advice
                + " that has it\n");
  }

  private static final String DO = "--search DIR names a directory";

  @Test
  void rebuilt() throws IOException {
    ModuleSource.compile("m", CODE.replace("* 2", "* 3"), module);
    assertRefused(module + " has build id " + ModuleSource.sha256(module), DO);
    String unknown = daemon.run("kcall", "twice", "4").failed().err();
    assertThat(unknown).startsWith("kcall: ERROR: unknown symbol twice: ");
    if (Daemon.USERSPACE) {
      // m exports something, for all that is known this
      assertThat(unknown)
          .contains("module m is loaded with build id " + loadedId)
          .contains(module + " has build id " + ModuleSource.sha256(module));
    }
    assertThat(daemon.run("kcall", "strlen", "sym:m:twice").failed().err())
        .contains("module m is loaded with build id " + loadedId);
  }

  @Test
  void deleted() throws IOException {
    Files.delete(module);
    assertRefused("it was loaded from " + module, DO);
    Path empty = Files.createDirectory(daemon.directory().resolve("empty"));
    assertRefused(
        "it was loaded from " + module, empty + " is no directory", "--search", empty.toString());
  }

  @Test
  void damaged() throws IOException {
    Files.writeString(module, "no module");
    assertThat(daemon.run("kcall", "m:twice", "4").failed().err())
        .startsWith("kcall: ERROR: cannot tell where m:twice is: module m is loaded with build id ")
        .contains(loadedId + ", and no such file is there: " + module + ": ")
        .endsWith(DO + " that has it\n")
        .hasLineCount(1);
  }

  @Test
  void movedItIsFoundWhereOneIsToldToSearch() throws IOException {
    Path elsewhere = Files.createDirectory(daemon.directory().resolve("elsewhere"));
    Files.move(module, elsewhere.resolve("renamed.ko"));
    String search = elsewhere.toString();
    assertThat(daemon.run("kcall", "--search", search, "m:twice", "4").ok().out())
        .isEqualTo("0x0000000000000008\n");
    assertThat(daemon.run("kcall", "--search", search, "m:die", "8").failed().err())
        .contains("RIP: 0010:die+0x");
    assertThat(daemon.run("dmesg").ok().out()).contains("RIP: 0010:m+0x");
    assertThat(daemon.run("dmesg", "--search", search).ok().out()).contains("RIP: 0010:die+0x");
  }

  /** The report of a load names what it calls of a module whose file is elsewhere by now. */
  @Test
  void insmodSearchesForTheNamesInAnOops() throws IOException {
    Path elsewhere = Files.createDirectory(daemon.directory().resolve("elsewhere"));
    Path library = elsewhere.resolve("library.ko");
    Path caller = daemon.directory().resolve("caller.ko");
    ModuleSource.compile("library", library("library"), library);
    ModuleSource.compile("caller", caller("library"), caller);
    Path first = daemon.directory().resolve("library.ko");
    Files.copy(library, first);
    daemon.run("insmod", first.toString()).ok();
    Files.delete(first);
    assertThat(
            daemon
                .run("insmod", "--search", elsewhere.toString(), caller.toString())
                .failed()
                .err())
        .contains("RIP: 0010:deep+0x")
        .containsPattern("library_die\\+0x[0-9a-f]+/0x[0-9a-f]+ \\[library]");
  }

  /** A module that exports a function which dies. */
  static String library(String name) {
    return "static __attribute__((noipa)) int deep(int *p) { return *p + 1; }\nint "
        + name
        + "_die(int *p) { return deep(p) + 1; }\nEXPORT_SYMBOL("
        + name
        + "_die);\n"
        + "static int __init start(void) { return 0; }\nstatic void __exit stop(void) {}\n";
  }

  /** One whose init calls it. */
  static String caller(String library) {
    return "extern int "
        + library
        + "_die(int *p);\nstatic int __init start(void) { return "
        + library
        + "_die((int *)8) + 1; }\nstatic void __exit stop(void) {}\n";
  }
}
