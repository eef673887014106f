package io.linkout.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * A kernel that keeps no symbols has a module loaded whose file is gone: what still loads, and what
 * is said of the rest.
 */
class MissingModuleFileTest {
  private static final String EMPTY =
      "static int __init start(void) { return 0; }\nstatic void __exit stop(void) {}\n";

  private static final String ANSWER =
      "int answer_of_a(void) { return 42; }\nEXPORT_SYMBOL(answer_of_a);\n" + EMPTY;

  private final Daemon daemon = Daemon.startWith("userspace");
  private final Map<String, Long> before = daemon.nine();

  @AfterEach
  void end() {
    daemon.closeAsItWas(before);
  }

  private String module(String name, String code) throws IOException {
    Path file = daemon.directory().resolve(name + ".ko");
    ModuleSource.compile(name, code, file);
    return file.toString();
  }

  /** Loads A and puts its file where nobody looks but who is told; returns that directory. */
  private String withoutA(String code) throws IOException {
    Path file = Path.of(module("a", code));
    daemon.run("insmod", file.toString()).ok();
    Path kept = Files.createDirectory(daemon.directory().resolve("kept"));
    Files.move(file, kept.resolve("a.ko"));
    return kept.toString();
  }

  /** C, which exports something else. */
  private String c() throws IOException {
    return module(
        "c", "int answer_of_c(void) { return 3; }\nEXPORT_SYMBOL(answer_of_c);\n" + EMPTY);
  }

  /** D, which needs C. */
  private String d() throws IOException {
    return module(
        "d",
        """
        extern int answer_of_c(void);
        static int __init start(void) { return answer_of_c() - 3; }
        static void __exit stop(void) {}
        """);
  }

  /** W, which would use a symbol if somebody had it. */
  private String w() throws IOException {
    return module(
        "w",
        """
        extern int nowhere(void) __attribute__((weak));
        static int __init start(void) { pr_info("w: %s\\n", nowhere ? "there" : "none"); return 0; }
        static void __exit stop(void) {}
        """);
  }

  @Test
  void oneThatExportsNothingIsInNobodysWay() throws IOException {
    withoutA(EMPTY);
    String c = c();
    String d = d();
    daemon.run("insmod", w()).ok();
    assertThat(daemon.run("dmesg").ok().out()).contains("w: none");
    assertThat(daemon.run("modcheck", c, d).ok().lines())
        .containsExactly("ok c", "ok d", "2 passed, 0 failed");
    daemon.run("insmod", c).ok();
    daemon.run("insmod", d).ok();
    assertThat(daemon.run("ksym", "--all").ok().out()).contains(" c answer_of_c ");
    daemon.run("rmmod", "d").ok();
  }

  @Test
  void besideOneThatExportsSomethingWhatExportsNothingIsLoaded() throws IOException {
    withoutA(ANSWER);
    daemon.run("insmod", w()).ok();
    assertThat(daemon.run("dmesg").ok().out()).contains("w: none");
    daemon.run("insmod", Tool.example("hello")).ok();
  }

  @Test
  void besideOneThatExportsSomethingAnExporterMustBeForced() throws IOException {
    withoutA(ANSWER);
    String c = c();
    Map<String, Long> withA = daemon.nine();
    assertThat(daemon.run("insmod", c).failed().err())
        .startsWith("insmod: ERROR: could not insert module " + c + ": Invalid module format\n")
        .contains("c: cannot tell whether it exports a symbol that module a exports too")
        .containsPattern("module a is loaded with build id [0-9a-f]{64}, and no such file is there")
        .contains("--search DIR names a directory", "--force loads it all the same")
        .doesNotContain("Unknown symbol", "unknown symbol");
    daemon.awaitNoSessions();
    assertThat(daemon.nine()).isEqualTo(withA);
    daemon.run("insmod", "--force", c).ok();
    daemon.run("insmod", d()).ok();
    daemon.run("rmmod", "d").ok();
  }

  @Test
  void whatItExportsIsFoundInTheDirectoryToBeSearched() throws IOException {
    String kept = withoutA(ANSWER);
    assertThat(daemon.run("ksym", "--all").failed().err())
        .contains("the file of module a, which has exports, is missing", "--search DIR names");
    assertThat(daemon.run("ksym", "answer_of_a").failed().err())
        .contains("unknown symbol answer_of_a: it may be that of module a", "--search DIR names");
    assertThat(daemon.run("ksym", "_printk").ok().out()).contains("[kernel] _printk");
    assertThat(daemon.run("ksym", "--search", kept, "--all").ok().out()).contains("a answer_of_a");
    assertThat(daemon.run("kcall", "--search", kept, "answer_of_a").ok().out())
        .isEqualTo("0x000000000000002a\n");
  }

  @Test
  void aRebuiltFileIsNamedWithItsBuildId() throws IOException {
    withoutA(ANSWER);
    module("a", ANSWER.replace("42", "43"));
    assertThat(daemon.run("insmod", c()).failed().err())
        .contains("cannot tell whether it exports a symbol that module a exports too")
        .containsPattern(
            "module a is loaded with build id ([0-9a-f]{64}), and no such file is there: \\S+/a.ko"
                + " has build id (?!\\1)[0-9a-f]{64}");
  }

  @Test
  void modcheckSaysWhatALoadWould() throws IOException {
    String kept = withoutA(ANSWER);
    String c = c();
    String d = d();
    Tool.Outcome outcome = daemon.run("modcheck", c, d);
    assertThat(outcome.status()).isEqualTo(1);
    assertThat(outcome.out())
        .startsWith("FAIL c Invalid module format\n")
        .contains("cannot tell whether it exports a symbol that module a exports too")
        .contains("\nok d\n", "1 passed, 1 failed");
    daemon.run("modcheck", "--search", kept, c, d).ok();
    daemon.run("insmod", "--search", kept, c).ok();
  }
}
