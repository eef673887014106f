package io.linkout.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Modules that die, misbehave or are no modules: one clear answer, nothing left, the next one
 * works.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("loader")
class BadModulesTest {
  private final Daemon daemon = Daemon.start("--init-timeout", "1");

  @AfterAll
  void stopKernel() {
    daemon.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          null_deref       | Bad address          | NULL pointer dereference
          write_rodata     | Bad address          | unable to handle page fault
          jump_data        | Bad address          | execute
          invalid_opcode   | Bad address          | invalid opcode
          cli_hlt          | Bad address          | general protection fault
          endless_loop     | Connection timed out | soft lockup
          deep_recursion   | Bad address          | stack
          init_fails       | No such device       | ''
          double_free      | Bad address          | free
          unknown_symbol   | Unknown symbol       | ''
          wrong_vermagic   | Invalid module format| ''
          gpl_violation    | Unknown symbol       | ''
          """)
  void theInsmodSaysWhyAndNothingIsLeft(String module, String reason, String logged) {
    Map<String, Long> before = daemon.nine();
    Tool.Outcome outcome = daemon.run("insmod", Tool.example(module)).failed();
    assertThat(outcome.err())
        .startsWith(
            "insmod: ERROR: could not insert module " + Tool.example(module) + ": " + reason);
    assertThat(daemon.live()).doesNotContain(module);
    if (!logged.isEmpty()) {
      assertThat(daemon.run("dmesg").ok().out()).contains(logged);
    }
    daemon.awaitNoSessions();
    assertThat(daemon.nine()).isEqualTo(before);
    daemon.run("insmod", Tool.example("hello")).ok();
    daemon.run("rmmod", "hello").ok();
    assertThat(daemon.nine()).isEqualTo(before);
  }

  @Test
  void anOopsIsDecodedForTheOneWhoLoaded() {
    Tool.Outcome outcome = daemon.run("insmod", Tool.example("null_deref")).failed();
    assertThat(outcome.err())
        .contains("BUG: kernel NULL pointer dereference, address: 0000000000000")
        .containsPattern("RIP: 0010:[a-z_]+\\+0x[0-9a-f]+/0x[0-9a-f]+ \\[null_deref\\]");
  }

  @Test
  void aLeakIsReportedAndReclaimed() {
    Map<String, Long> before = daemon.nine();
    daemon.run("insmod", Tool.example("leak")).ok();
    assertThat(daemon.nine().get("heap_objects")).isGreaterThan(before.get("heap_objects"));
    daemon.run("rmmod", "leak");
    assertThat(daemon.run("dmesg").ok().out()).contains("leak");
    assertThat(daemon.nine()).isEqualTo(before);
  }

  @Test
  void whatIsNotAModuleIsRefusedInOneLine() throws IOException {
    Path file = daemon.directory().resolve("bad.ko");
    byte[] good = Files.readAllBytes(Path.of(Tool.example("hello")));
    Map<String, Long> before = daemon.nine();
    Random random = new Random(3);
    byte[][] bad = {
      {},
      "#!/bin/sh\n".getBytes(java.nio.charset.StandardCharsets.UTF_8),
      java.util.Arrays.copyOf(good, 63),
      java.util.Arrays.copyOf(good, good.length / 2),
      java.util.Arrays.copyOf(good, good.length - 1),
      patched(good, 4, 1),
      patched(good, 18, 3),
      patched(good, 16, 2),
      patched(good, 0x3c, random.nextInt(200) + 40),
    };
    for (byte[] content : bad) {
      Files.write(file, content);
      Tool.Outcome outcome = daemon.run("insmod", file.toString()).failed();
      assertThat(outcome.err()).startsWith("insmod: ERROR: ").contains("bad.ko");
    }
    Files.delete(file);
    assertThat(daemon.run("insmod", file.toString()).failed().err())
        .contains("No such file or directory");
    daemon.awaitNoSessions();
    assertThat(daemon.nine()).isEqualTo(before);
  }

  private static byte[] patched(byte[] good, int offset, int value) {
    byte[] bytes = good.clone();
    bytes[offset] = (byte) value;
    return bytes;
  }
}
