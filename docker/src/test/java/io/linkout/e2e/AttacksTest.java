package io.linkout.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Modules of examples/attacks: whatever they try ends in an oops, an error or a limit; nothing of
 * them is left, the kernel goes on and so does the next module.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("loader")
class AttacksTest {
  private static final String ATTACKS =
      """
          alloc_forever      | Cannot allocate memory  | linkout: out of memory
          alloc_huge         | Cannot allocate memory  | WARNING:
          alloc_small        | Connection timed out    | soft lockup
          cli                | Bad address             | general protection fault
          cr_write_slot      | Bad address             | error_code(0x0003)
          ex_table_loop      | Connection timed out    | soft lockup
          exec_data          | Bad address             | error_code(0x0011)
          exec_heap          | Bad address             | error_code(0x0011)
          exec_stack         | Bad address             | error_code(0x0011)
          far_jump           | Bad address             | general protection fault
          far_return         | Bad address             | general protection fault
          free_wild          | Bad address             | which is no heap object
          hlt                | Bad address             | general protection fault
          host_read          | Bad address             | error_code(0x0000)
          host_write         | Bad address             | error_code(0x0002)
          int1               | Bad address             | invalid opcode
          int3               | Bad address             | int3: 0000
          int80              | Bad address             | unexpected interrupt 128
          int_df             | Bad address             | double fault
          int_n              | Bad address             | unexpected interrupt 32
          invlpg             | Bad address             | general protection fault
          iopl               | Bad address             | general protection fault
          iretq              | Bad address             | general protection fault
          iretq_kernel       | Bad address             | general protection fault
          jump_noncanonical  | Bad address             | general protection fault
          jump_null          | Bad address             | NULL pointer dereference
          jump_self          | Connection timed out    | soft lockup
          jump_user          | Bad address             | error_code(0x0010)
          lgdt               | Bad address             | general protection fault
          lidt               | Bad address             | general protection fault
          load_ss            | Bad address             | general protection fault
          ltr                | Bad address             | general protection fault
          memcpy_wild        | Bad address             | error_code(0x0000)
          memset_wild        | Bad address             | error_code(0x0003)
          mov_cr0            | Bad address             | general protection fault
          mov_cr3            | Bad address             | general protection fault
          mov_cr4            | Bad address             | general protection fault
          mov_dr7            | Bad address             | general protection fault
          port_in            | Bad address             | general protection fault
          port_out           | Bad address             | general protection fault
          port_string        | Bad address             | general protection fault
          printk_bad         | Bad address             | error_code(0x0000)
          printk_storm       | Connection timed out    | soft lockup
          printk_width       | Invalid parameters      | ''
          register_forever   | Device or resource busy | ''
          register_twice     | Device or resource busy | ''
          rep_forever        | Bad address             | error_code(0x0000)
          return_wild        | Bad address             | error_code(0x0010)
          self_modifying     | Bad address             | error_code(0x0003)
          stack_big          | Bad address             | stack guard page
          stack_noncanonical | Bad address             | general protection fault
          stack_null         | Bad address             | error_code(0x0002)
          stack_smash        | Bad address             | error_code(0x0002)
          stack_wild         | Bad address             | error_code(0x0003)
          strlen_wild        | Bad address             | error_code(0x0000)
          strstr_forever     | Connection timed out    | soft lockup
          swapgs             | Bad address             | general protection fault
          syscall            | Bad address             | general protection fault
          sysenter           | Bad address             | general protection fault
          sysret             | Bad address             | invalid opcode
          trap_flag          | Bad address             | 0000 [#
          trap_slot          | Bad address             | RIP: 0010:_printk+0x
          trap_slots         | Bad address             | RIP: 0010:kfree+0x
          tree_cycle         | Connection timed out    | soft lockup
          wbinvd             | Bad address             | general protection fault
          wrgsbase           | Bad address             | invalid opcode
          write_kernel_text  | Bad address             | error_code(0x0003)
          write_other_data   | Bad address             | error_code(0x0002)
          write_other_text   | Bad address             | error_code(0x0003)
          write_own_text     | Bad address             | error_code(0x0003)
          wrmsr              | Bad address             | general protection fault
          xsetbv             | Bad address             | invalid opcode
      """;

  private final Daemon daemon = Daemon.start("--init-timeout", "1.5");
  private final long pid;

  AttacksTest() {
    daemon.run("insmod", Tool.example("exporter")).ok();
    pid = daemon.stats().getPid();
  }

  @AfterAll
  void stopKernel() {
    daemon.run("rmmod", "exporter").ok();
    daemon.close();
  }

  private static String attack(String name) {
    return Tool.example("attacks/" + name);
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = ATTACKS)
  void itEndsAndNothingIsLeft(String name, String reason, String logged) {
    Map<String, Long> before = daemon.nine();
    daemon.run("dmesg", "-C").ok();
    Tool.Outcome outcome = daemon.run("insmod", attack("atk_" + name)).failed();
    assertThat(outcome.err())
        .startsWith("insmod: ERROR: could not insert module")
        .contains(": " + reason);
    assertThat(daemon.run("dmesg").ok().out())
        .contains(logged)
        .doesNotContain("the attack went through");
    daemon.awaitNoSessions();
    assertThat(daemon.nine()).isEqualTo(before);
    daemon.run("insmod", Tool.example("hello")).ok();
    daemon.run("rmmod", "hello").ok();
    assertThat(daemon.nine()).isEqualTo(before);
    assertThat(daemon.stats().getPid()).isEqualTo(pid);
  }

  @Test
  void noAttackIsLeftOut() throws IOException {
    try (var files = Files.list(Path.of(attack("x")).resolveSibling("."))) {
      assertThat(
              files
                  .map(f -> f.getFileName().toString())
                  .filter(f -> f.startsWith("atk_") && f.endsWith(".c"))
                  .map(f -> f.substring(4, f.length() - 2)))
          .hasSizeGreaterThan(60)
          .allSatisfy(n -> assertThat(ATTACKS).contains("  " + n + " "));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"dies_in_exit", "hangs_in_exit"})
  void whatDiesInACallStaysAndWhatDiesInItsExitGoesByForce(String module) {
    Map<String, Long> before = daemon.nine();
    daemon.run("insmod", attack(module)).ok();
    daemon.run("kcall", module + ":" + module + "_call").failed();
    assertThat(daemon.run("dmesg").ok().out())
        .contains("linkout: " + module + " stays live after its function died; rmmod -f removes");
    assertThat(daemon.live()).contains(module);
    assertThat(daemon.run("rmmod", module).failed().err())
        .startsWith("rmmod: ERROR: could not remove module " + module + ": ")
        .contains("exit of module " + module);
    assertThat(daemon.run("dmesg").ok().out())
        .contains("linkout: " + module + " is going and stays: it died in its exit; rmmod -f");
    assertThat(daemon.run("rmmod", module).failed().err())
        .contains("is going and stays, it died in its exit: rmmod -f removes it");
    assertThat(daemon.run("insmod", attack(module)).failed().err()).contains("File exists");
    assertThat(daemon.run("rmmod", "-f", module).err()).contains("reclaimed");
    daemon.awaitNoSessions();
    assertThat(daemon.nine()).isEqualTo(before);
  }

  @ParameterizedTest
  @ValueSource(strings = {"dies_in_exit", "hangs_in_exit"})
  void whatDiedInACallGoesByForce(String module) {
    Map<String, Long> before = daemon.nine();
    daemon.run("insmod", attack(module)).ok();
    daemon.run("kcall", module + ":" + module + "_call").failed();
    daemon.run("rmmod", module).failed();
    assertThat(daemon.run("rmmod", "-f", module).status()).isZero();
    daemon.awaitNoSessions();
    assertThat(daemon.nine()).isEqualTo(before);
  }
}
