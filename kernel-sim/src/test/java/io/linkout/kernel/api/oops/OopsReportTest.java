package io.linkout.kernel.api.oops;

import static org.assertj.core.api.Assertions.assertThat;

import io.linkout.kernel.cpu.Access;
import io.linkout.kernel.cpu.CpuFault;
import io.linkout.kernel.cpu.GuestLayout;
import io.linkout.kernel.cpu.Registers;
import java.util.List;
import org.junit.jupiter.api.Test;

class OopsReportTest {
  private final Scene scene = new Scene();
  private final Registers registers =
      Scene.at(Scene.CODE + 5, Scene.STACK_TOP - 0x40, 0xffffc90000001ff0L);

  private List<String> report(CpuFault fault) {
    return scene.reports().died(fault, registers, scene.oops);
  }

  @Test
  void wholeReportOfANullPointer() {
    scene.code("554889e5 90 c70000000000 5dc3");
    scene.memory.writeLong(Scene.STACK_TOP - 0x38, Scene.CODE + 0x10);
    assertThat(report(new CpuFault.Page(0, Access.WRITE, false)))
        .containsExactly(
            "BUG: kernel NULL pointer dereference, address: 0000000000000000",
            "#PF: supervisor write access in kernel mode",
            "#PF: error_code(0x0002) - not-present page",
            "Oops: 0002 [#1] PREEMPT SMP",
            "CPU: 0 PID: 321 Comm: insmod Tainted: G           OE      6.1.0-56-amd64 #1 Debian",
            "Hardware name: Linkout",
            "RIP: 0010:hello_init+0x5/0x1000 [hello]",
            "Code: 55 48 89 e5 90 <c7> 00 00 00 00 00 5d c3 00 00 00 00 00 00 00 00 00 00 00 00 00"
                + " 00",
            "RSP: 0018:ffffc90000001fc0 EFLAGS: 00010246",
            "RAX: 0000000000000000 RBX: 0000000000000033 RCX: 0000000000000011",
            "RDX: 0000000000000022 RSI: 0000000000000066 RDI: 0000000000000077",
            "RBP: ffffc90000001ff0 R08: 0000000000000088 R09: 0000000000000099",
            "R10: 00000000000000aa R11: 00000000000000bb R12: 00000000000000cc",
            "R13: 00000000000000dd R14: 00000000000000ee R15: 00000000000000ff",
            "Call Trace:",
            " <TASK>",
            " ? hello_init+0x10/0x1000 [hello]",
            " </TASK>",
            "Modules linked in: hello(OE+) crc7(E)",
            "CR2: 0000000000000000",
            "---[ end trace 0000000000000000 ]---");
  }

  @Test
  void pageFaultsAreToldApart() {
    assertThat(report(new CpuFault.Page(0xdead_0000L, Access.READ, false)))
        .startsWith(
            "BUG: unable to handle page fault for address: 00000000dead0000",
            "#PF: supervisor read access in kernel mode",
            "#PF: error_code(0x0000) - not-present page",
            "Oops: 0000 [#1] PREEMPT SMP");
    assertThat(report(new CpuFault.Page(Scene.CODE, Access.WRITE, true)))
        .contains("#PF: error_code(0x0003) - permissions violation", "Oops: 0003 [#1] PREEMPT SMP");
    assertThat(report(new CpuFault.Page(Scene.TABLES, Access.FETCH, true)))
        .startsWith(
            "kernel tried to execute NX-protected page - exploit attempt? (uid: 0)",
            "BUG: unable to handle page fault for address: ffffffffa0010000",
            "#PF: supervisor instruction fetch in kernel mode",
            "#PF: error_code(0x0011) - permissions violation");
  }

  @Test
  void headlinesOfOtherFaults() {
    assertThat(report(new CpuFault.InvalidOpcode()).getFirst())
        .isEqualTo("invalid opcode: 0000 [#1] PREEMPT SMP");
    assertThat(report(new CpuFault.Protection()).getFirst())
        .isEqualTo("general protection fault: 0000 [#1] PREEMPT SMP");
    assertThat(report(new CpuFault.Divide()).getFirst())
        .isEqualTo("divide error: 0000 [#1] PREEMPT SMP");
    assertThat(report(new CpuFault.OtherVector(3)).getFirst())
        .isEqualTo("int3: 0000 [#1] PREEMPT SMP");
    assertThat(report(new CpuFault.OtherVector(0x80)).getFirst())
        .isEqualTo("unexpected interrupt 128: 0000 [#1] PREEMPT SMP");
    assertThat(report(new CpuFault.Forbidden("in")).getFirst())
        .isEqualTo("linkout: the instruction in cannot be executed by this kernel's modules");
    assertThat(report(new CpuFault.Oops("BUG: spinlock recursion on CPU#0, insmod/321")))
        .startsWith("BUG: spinlock recursion on CPU#0, insmod/321", "Oops: 0000 [#1] PREEMPT SMP");
    assertThat(report(new CpuFault.StackOverflow(GuestLayout.VMALLOC + 0xff8)))
        .startsWith(
            "BUG: TASK stack guard page was hit at ffffc90000000ff8 "
                + "(stack is ffffc90000001000..ffffc90000002000)",
            "stack guard page: 0000 [#1] PREEMPT SMP");
  }

  @Test
  void softLockupIsNotAnOops() {
    OopsReport reports = scene.reports();
    assertThat(reports.died(new CpuFault.SoftLockup(9_999_000_000L), registers, scene.oops))
        .startsWith(
            "watchdog: BUG: soft lockup - CPU#0 stuck for 10s! [insmod:321]",
            "Modules linked in: hello(OE+) crc7(E)",
            "CPU: 0 PID: 321 Comm: insmod Tainted: G           OE      6.1.0-56-amd64 #1 Debian")
        .doesNotContain("---[ end trace 0000000000000000 ]---");
    assertThat(reports.count()).isZero();
  }

  @Test
  void oopsesAreCounted() {
    OopsReport reports = scene.reports();
    reports.died(new CpuFault.Divide(), registers, scene.oops);
    assertThat(reports.died(new CpuFault.Divide(), registers, scene.oops).getFirst())
        .isEqualTo("divide error: 0000 [#2] PREEMPT SMP");
  }

  @Test
  void absentFunctionIsNamedWithItsCaller() {
    OopsReport reports =
        new OopsReport(
            scene.memory,
            scene.names,
            scene.tables,
            address ->
                address == GuestLayout.ABSENT
                    ? "pci_enable_device is not provided by this kernel"
                    : null,
            ModuleLines.NONE);
    scene.memory.writeLong(Scene.STACK_TOP - 0x40, Scene.CODE + 0x20);
    Registers at = Scene.at(GuestLayout.ABSENT, Scene.STACK_TOP - 0x40, 0);
    assertThat(
            reports.died(
                new CpuFault.Page(GuestLayout.ABSENT, Access.FETCH, false), at, scene.oops))
        .startsWith(
            "BUG: unable to handle page fault for address: ffffffff90000000",
            "linkout: pci_enable_device is not provided by this kernel; called from"
                + " hello_init+0x20/0x1000 [hello]")
        .contains(
            "RIP: 0010:0xffffffff90000000",
            "Code: Unable to access opcode bytes at 0xffffffff8fffffd6.",
            " hello_init+0x20/0x1000 [hello]");
    assertThat(
            reports.died(
                new CpuFault.Page(GuestLayout.ABSENT, Access.READ, false), registers, scene.oops))
        .contains(
            "linkout: pci_enable_device is not provided by this kernel; used at"
                + " hello_init+0x5/0x1000 [hello]");
  }

  @Test
  void kernelNamesWithoutSizeHaveNone() {
    Registers at = Scene.at(Scene.TEXT + 16, Scene.STACK_TOP - 0x40, 0);
    assertThat(scene.reports().died(new CpuFault.FunctionPage(0x20, Access.READ), at, scene.oops))
        .contains("RIP: 0010:strlen+0x10");
  }
}
