package io.linkout.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The example modules that are not bad, and a module of one's own. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("loader")
class ExamplesTest {
  private final Daemon daemon = Daemon.start();

  @AfterAll
  void stopKernel() {
    daemon.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"hello", "exporter", "percpu", "big", "own_param", "crc_exporter", "warn"})
  void loadsAndLeavesNothing(String name) {
    Map<String, Long> before = daemon.nine();
    daemon.run("insmod", Tool.example(name)).ok();
    assertThat(daemon.live()).contains(name);
    daemon.run("rmmod", name).ok();
    assertThat(daemon.nine()).isEqualTo(before);
  }

  @ParameterizedTest
  @ValueSource(strings = {"importer", "importer_gpl", "importer_ns"})
  void importersLoadOverTheirExporter(String name) {
    daemon.run("insmod", Tool.example("exporter")).ok();
    daemon.run("insmod", Tool.example(name)).ok();
    assertThat(daemon.run("lsmod").ok().out()).containsPattern("(?m)^exporter +\\d+  1 " + name);
    assertThat(daemon.run("rmmod", "exporter").failed().err()).contains("in use by: " + name);
    daemon.run("rmmod", name, "exporter").ok();
  }

  @Test
  void everyParameterOfHelloArrives() {
    daemon
        .run(
            "insmod",
            Tool.example("hello"),
            "whom=you",
            "times=2",
            "loud",
            "numbers=10,20,30",
            "tag=abc")
        .ok();
    assertThat(daemon.run("dmesg").ok().out())
        .containsPattern("hello: Hello, you!\n.*hello: Hello, you!\n.*3 numbers, sum 60, tag abc");
    daemon.run("rmmod", "hello").ok();
  }

  @Test
  void aParameterWithItsOwnOperationsIsSetInTheKernel() {
    daemon.run("insmod", Tool.example("own_param"), "level=2", "level=5").ok();
    assertThat(daemon.run("dmesg").ok().out()).contains("own_param: level 5, set 2 times");
    daemon.run("rmmod", "own_param").ok();
    assertThat(daemon.run("insmod", Tool.example("own_param"), "level=9").failed().err())
        .contains("Numerical result out of range");
    assertThat(daemon.live()).doesNotContain("own_param");
  }

  @Test
  void functionsCanBeCalled() {
    daemon.run("insmod", Tool.example("percpu")).ok();
    assertThat(daemon.run("kcall", "percpu:percpu_hit").ok().out())
        .isEqualTo("0x000000000000002b\n");
    assertThat(daemon.run("kcall", "percpu:percpu_sum").ok().out())
        .isEqualTo("0x000000000000002b\n");
    daemon.run("rmmod", "percpu").ok();
    daemon.run("insmod", Tool.example("big")).ok();
    assertThat(daemon.run("kcall", "big:big_word", "1048575").ok().out())
        .isEqualTo("0x0123456789abcdef\n");
    daemon.run("rmmod", "big").ok();
  }

  @Test
  void oneWithoutAnExitIsPermanent() {
    daemon.run("insmod", Tool.example("init_only")).ok();
    assertThat(daemon.run("lsmod").ok().out()).contains("[permanent]");
    assertThat(daemon.run("rmmod", "init_only").failed().err()).contains("Device or resource busy");
    daemon.run("rmmod", "-f", "init_only").ok();
  }

  @Test
  void theCrcDecides() {
    daemon.run("insmod", Tool.example("crc_exporter")).ok();
    daemon.run("insmod", Tool.example("right_crc")).ok();
    daemon.run("rmmod", "right_crc").ok();
    assertThat(daemon.run("insmod", Tool.example("wrong_crc")).failed().err())
        .contains("crc_answer", "badc0de", "5eed0001");
    daemon.run("rmmod", "crc_exporter").ok();
  }

  @Test
  void theNamespaceToImportIsNamed() {
    daemon.run("insmod", Tool.example("exporter")).ok();
    assertThat(daemon.run("insmod", Tool.example("missing_ns")).failed().err())
        .contains("exporter_answer_ns", "LINKOUT");
    daemon.run("rmmod", "exporter").ok();
  }

  @Test
  void aWarningIsLoggedAndTheModuleGoesOn() {
    daemon.run("insmod", Tool.example("warn")).ok();
    assertThat(daemon.run("dmesg").ok().out())
        .contains("warn: this is strange: 1", "WARNING: ", "warn: went on");
    assertThat(daemon.run("kcall", "warn:warn_again").ok().out()).isEqualTo("0x0000000000000001\n");
    daemon.run("rmmod", "warn").ok();
  }

  /** The command line is that of the command contract, word for word. */
  @Test
  void aModuleOfOnesOwnIsBuiltByGccAlone(@TempDir Path directory) throws IOException {
    Files.writeString(
        directory.resolve("x.c"),
        """
        #include <linux/module.h>
        #include <linux/slab.h>
        static int sizes[3]; static int n;
        module_param_array(sizes, int, &n, 0);
        static char *copy;
        static noinline int total(void) { int i, t = 0; for (i = 0; i < n; i++) t += sizes[i]; return t; }
        static int __init start(void)
        {
          copy = kzalloc(total() + 1, GFP_KERNEL);
          if (!copy) return -ENOMEM;
          memset(copy, 'x', total());
          pr_info("x: %s\\n", copy);
          return 0;
        }
        static void __exit stop(void) { kfree(copy); }
        module_init(start);
        module_exit(stop);
        MODULE_LICENSE("GPL");
        MODULE_DESCRIPTION("one's own");
        """);
    List<String> gcc =
        new ArrayList<>(
            List.of(
                ("gcc -ffreestanding -O2 -mcmodel=kernel -fno-pic -fno-pie -mno-red-zone"
                        + " -fno-asynchronous-unwind-tables -fcf-protection=none")
                    .split(" ")));
    gcc.addAll(
        List.of(
            "-I" + Tool.TOP.resolve("examples/include"),
            "-DMODULE",
            "-DKBUILD_MODNAME=\"x\"",
            "-c",
            directory.resolve("x.c").toString(),
            "-o",
            directory.resolve("x.ko").toString()));
    Tool.start(gcc).await().ok();
    daemon.run("insmod", directory.resolve("x.ko").toString(), "sizes=2,3").ok();
    assertThat(daemon.run("dmesg").ok().out()).contains("x: xxxxx\n");
    daemon.run("rmmod", "x").ok();
  }
}
