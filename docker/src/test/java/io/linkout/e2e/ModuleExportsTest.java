package io.linkout.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What a live module exports: it is found, called, and nobody else may export it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("loader")
class ModuleExportsTest {
  private static final String EMPTY =
      "static int __init start(void) { return 0; }\nstatic void __exit stop(void) {}\n";

  private final Daemon daemon = Daemon.start();

  @AfterAll
  void stopKernel() {
    daemon.close();
  }

  @BeforeEach
  void load() {
    daemon.run("insmod", Tool.example("exporter")).ok();
  }

  @AfterEach
  void unload() {
    daemon.run("rmmod", "exporter").ok();
  }

  private void assertRefused(Path file, String words) {
    Map<String, Long> before = daemon.nine();
    Tool.Outcome outcome = daemon.run("insmod", file.toString()).failed();
    assertThat(outcome.err())
        .startsWith("insmod: ERROR: could not insert module " + file + ": Invalid module format\n")
        .contains(words);
    assertThat(daemon.run("dmesg").ok().out()).contains(words);
    assertThat(daemon.live()).containsExactly("exporter");
    daemon.awaitNoSessions();
    assertThat(daemon.nine()).isEqualTo(before);
  }

  @Test
  void anotherModuleMayNotExportTheSame() throws IOException {
    Path twin = daemon.directory().resolve("twin.ko");
    ModuleSource.compile(
        "twin",
        "int other(void) { return 1; }\nEXPORT_SYMBOL(other);\n"
            + "int exporter_answer(void) { return 1; }\nEXPORT_SYMBOL(exporter_answer);\n"
            + EMPTY,
        twin);
    assertRefused(twin, "twin: exports duplicate symbol exporter_answer (owned by exporter)");
  }

  @Test
  void nobodyMayExportWhatTheKernelExports() throws IOException {
    Path usurper = daemon.directory().resolve("usurper.ko");
    ModuleSource.compile(
        "usurper", "void kfree(const void *p) {}\nEXPORT_SYMBOL(kfree);\n" + EMPTY, usurper);
    assertRefused(usurper, "usurper: exports duplicate symbol kfree (owned by kernel)");
  }

  @Test
  void theyAreFoundByName() {
    assertThat(daemon.run("ksym", "exporter_answer", "exporter_answer_ns_gpl").ok().lines())
        .satisfiesExactly(
            line -> assertThat(line).matches("0x[0-9a-f]{16} T exporter exporter_answer - -"),
            line ->
                assertThat(line)
                    .matches("0x[0-9a-f]{16} G exporter exporter_answer_ns_gpl - LINKOUT"));
    assertThat(daemon.run("ksym", "exporter_nothing").failed().err())
        .contains("unknown symbol exporter_nothing");
  }

  @Test
  void theyAreListedAmongTheKernels() {
    List<String> names =
        daemon.run("ksym", "--all").ok().out().lines().map(line -> line.split(" ", -1)[3]).toList();
    assertThat(names)
        .contains("_printk", "exporter_answer", "exporter_count")
        .isSorted()
        .doesNotHaveDuplicates();
  }

  @Test
  void theyAreCalledByTheirNameAlone() {
    assertThat(daemon.run("kcall", "exporter_answer_gpl").ok().out())
        .isEqualTo("0x000000000000002b\n");
  }
}
