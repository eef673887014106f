package io.linkout.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/**
 * An oops in a module that is removed since then: the kernel's log names what it knows, the
 * commands name the rest from the module's file.
 */
class OopsNamesTest {
  private static final String CODE =
      """
      static __attribute__((noipa)) int deepest(int *p) { return *p + 1; }
      int reach(int *p);
      int reach(int *p) { return deepest(p) * 3; }
      static int __init start(void) { return 0; }
      static void __exit stop(void) { pr_info("%p\\n", reach); }
      """;

  /** In either kind of kernel. */
  abstract static class Story {
    private final Daemon daemon;
    private Path module = Path.of("set before each");

    Story(String symbols) {
      daemon = Daemon.startWith(symbols);
    }

    Daemon daemon() {
      return daemon;
    }

    Path module() {
      return module;
    }

    /** Loads it, has it oops, and removes it. */
    @BeforeEach
    void oops() throws IOException {
      module = daemon.directory().resolve("dies.ko");
      ModuleSource.compile("dies", CODE, module, "-g");
      daemon.run("insmod", module.toString()).ok();
      String err = daemon.run("kcall", "dies:reach", "8").failed().err();
      assertThat(err).contains("RIP: 0010:deepest").contains(" reach+0x");
      if (lines()) {
        assertThat(err).containsPattern("RIP: 0010:deepest\\S* \\[dies] \\(dies\\d+\\.c:2\\)");
      }
      daemon.run("rmmod", "-f", "dies").ok();
      assertThat(daemon.live()).isEmpty();
    }

    @AfterEach
    void stop() {
      daemon.close();
    }

    @Test
    void dmesgNamesIt() {
      Tool.Outcome log = daemon.run("dmesg").ok();
      assertThat(log.out())
          .containsPattern("RIP: 0010:deepest\\S*\\+0x[0-9a-f]+/0x[0-9a-f]+ \\[dies]")
          .containsPattern(" reach\\+0x[0-9a-f]+/0x[0-9a-f]+ \\[dies]");
      assertThat(daemon.run("dmesg", "-J").ok().out()).contains("RIP: 0010:deepest");
    }

    @Test
    void dmesgTellsLines() {
      assumeTrue(lines(), "SKIPPED: no addr2line (binutils) here, which tells lines of source");
      assertThat(daemon.run("dmesg").ok().out())
          .containsPattern("deepest\\S* \\[dies] \\(dies\\d+\\.c:2\\)")
          .containsPattern(" reach\\S* \\[dies] \\(dies\\d+\\.c:4\\)");
    }

    @Test
    void anotherBuildOfItIsNotUsed() throws IOException {
      ModuleSource.compile("dies", CODE.replace("+ 1", "+ 2"), module, "-g");
      Tool.Outcome log = daemon.run("dmesg");
      assertThat(log.status()).isZero();
      assertThat(log.err().lines())
          .singleElement()
          .asString()
          .startsWith("dmesg: WARNING: module dies had build id ")
          .contains(": " + module + " has build id ");
      assertThat(log.out()).doesNotContain("deepest").contains("RIP: 0010:dies+0x");
    }

    @Test
    void ksymoopsNamesAPastedLog() throws IOException {
      Path pasted = daemon.directory().resolve("pasted");
      List<String> raw = daemon.run("dmesg", "-r").ok().lines();
      Files.writeString(pasted, "> " + String.join("\r\n> ", raw) + "\r\n");
      Path moved = Files.createDirectory(daemon.directory().resolve("elsewhere"));
      Files.move(module, moved.resolve("renamed.ko"));
      Tool.Outcome lost = daemon.run("ksymoops", pasted.toString());
      assertThat(lost.status()).isZero();
      assertThat(lost.err()).startsWith("ksymoops: WARNING: module dies had build id ");
      for (List<String> option :
          List.of(
              List.of("--module", moved.resolve("renamed.ko").toString()),
              List.of("--search", moved.toString()))) {
        Tool.Outcome named =
            daemon.run("ksymoops", option.get(0), option.get(1), pasted.toString()).ok();
        assertThat(named.out())
            .containsPattern("(?m)^> <\\d>\\[ +\\d+\\.\\d{6}] RIP: 0010:deepest\\S* \\[dies]")
            .containsPattern("(?m)^> <\\d>\\[ +\\d+\\.\\d{6}]  (\\? )?reach\\S* \\[dies]");
        String ksymoops = Tool.TOP.resolve("bin/ksymoops").toString();
        String piped = "cat \"$3\" | \"$0\" \"$1\" \"$2\" -";
        assertThat(
                Tool.start(
                        List.of(
                            "sh",
                            "-c",
                            piped,
                            ksymoops,
                            option.get(0),
                            option.get(1),
                            pasted.toString()))
                    .await()
                    .ok()
                    .out())
            .as("from standard input")
            .isEqualTo(named.out());
      }
    }
  }

  private static boolean lines() {
    return Tool.isThere("addr2line");
  }

  @Nested
  class SymbolsInTheKernel extends Story {
    SymbolsInTheKernel() {
      super("kernel");
    }
  }

  @Nested
  class SymbolsInUserspace extends Story {
    SymbolsInUserspace() {
      super("userspace");
    }

    @Test
    void ksymoopsTakesTheKernelsMap() throws IOException {
      Path pasted = daemon().directory().resolve("pasted");
      String map = daemon().socket() + ".symbols";
      String address = "0x0";
      for (String line : Files.readAllLines(Path.of(map))) {
        if (line.startsWith("_printk 0x")) {
          address = line.split(" ", -1)[1];
        }
      }
      // a call's return address
      String after = "0x" + Long.toHexString(Long.parseUnsignedLong(address.substring(2), 16) + 1);
      Files.writeString(pasted, "x Call Trace:\nx  <TASK>\nx  ? " + after + "\n");
      assertThat(daemon().run("ksymoops", "--symbols", map, pasted.toString()).ok().out())
          .containsPattern("(?m)^x  \\? _printk\\+0x1/0x[0-9a-f]+$");
    }

    /** Names are for people: without the map there are fewer, and the report is there. */
    @Test
    void anOopsIsPrintedWithoutTheMap() throws IOException {
      daemon().run("insmod", module().toString()).ok();
      Path map = Path.of(daemon().socket() + ".symbols");
      Files.delete(map);
      String warning = ": WARNING: cannot read the kernel's symbol map " + map + ": ";
      Tool.Outcome called = daemon().run("kcall", "dies:reach", "8").failed();
      assertThat(called.err())
          .contains("kcall" + warning, "RIP: 0010:deepest+0x", " reach+0x", "</TASK>");
      Tool.Outcome log = daemon().run("dmesg");
      assertThat(log.status()).isZero();
      assertThat(log.err()).startsWith("dmesg" + warning).hasLineCount(1);
      assertThat(log.out()).contains("RIP: 0010:deepest+0x", " reach+0x");
    }
  }
}
