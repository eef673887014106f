package io.linkout.kernel.api.oops;

import static org.assertj.core.api.Assertions.assertThat;

import io.linkout.kernel.cpu.CpuFault;
import io.linkout.kernel.cpu.CpuOutcome;
import io.linkout.kernel.cpu.FaultHandler;
import io.linkout.kernel.cpu.GuestOops;
import io.linkout.kernel.cpu.Registers;
import io.linkout.kernel.cpu.unicorn.UnicornCpu;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Faults of real code on the real CPU, judged as the kernel wires it. */
class LiveFaultTest {
  private static final long ORC_IP = Scene.TABLES + 0x400;
  private static final long ORC = Scene.TABLES + 0x800;

  private final UnicornCpu cpu = new UnicornCpu();
  private final Scene scene = new Scene(cpu.memory());
  private final FaultJudge judge = new FaultJudge(scene.memory, scene.tables, scene.reports());
  private final List<String> log = new ArrayList<>();
  private int orcs;

  LiveFaultTest() {
    scene.memory.patch(Scene.TEXT, cpu.trapCode());
    cpu.onFault(this::onFault);
  }

  @AfterEach
  void close() {
    cpu.close();
  }

  private long onFault(CpuFault fault, Registers registers) {
    FaultJudge.Verdict verdict = judge.judge(fault, registers, scene.oops);
    log.addAll(verdict.report());
    if (verdict instanceof FaultJudge.GoOn go) {
      go.registers().forEach(cpu::setRegister);
      return go.address();
    }
    return FaultHandler.DIE;
  }

  private void orc(int from, int stackOffset) {
    long at = ORC_IP + 4L * orcs;
    scene.memory.writeInt(at, (int) (Scene.CODE + from - at));
    scene.memory.writeShort(ORC + 6L * orcs, stackOffset);
    scene.memory.writeByte(ORC + 6L * orcs + 4, OrcEntry.SP);
    orcs++;
  }

  private void tables(long bugs, long exceptions) {
    scene.tables.put(
        new ModuleTables(
            1,
            List.of(new CodeRange(Scene.CODE, Scene.CODE + 0x1000)),
            new TableSpan(Scene.TABLES, bugs),
            new TableSpan(Scene.TABLES + 0x100, exceptions),
            new TableSpan(ORC_IP, 4L * orcs),
            new TableSpan(ORC, 6L * orcs)));
  }

  private CpuOutcome call(long... arguments) {
    return cpu.call(Scene.CODE, arguments, Scene.STACK_TOP, 0, 1_000_000_000L);
  }

  @Test
  void warningSpeaksAndTheCodeGoesOn() {
    scene.memory.writeInt(Scene.TABLES, (int) (Scene.CODE + 5 - Scene.TABLES));
    scene.memory.writeInt(Scene.TABLES + 4, 0x200);
    scene.memory.writeShort(Scene.TABLES + 8, 33);
    scene.memory.writeShort(Scene.TABLES + 10, 0x901);
    tables(12, 0);
    scene.code("b807000000 0f0b ffc0 c3");
    assertThat(call()).isEqualTo(new CpuOutcome.Returned(8));
    assertThat(log).contains("RAX: 0000000000000007 RBX: 0000000000000000 RCX: 0000000000000000");
  }

  @Test
  void badUserPointerBecomesAnError() {
    // xor eax, eax; mov rdx, [rdi]; at 9: ret
    scene.code("31c0 488b17 90909090 c3");
    scene.memory.writeInt(Scene.TABLES + 0x100, (int) (Scene.CODE + 2 - Scene.TABLES - 0x100));
    scene.memory.writeInt(Scene.TABLES + 0x104, (int) (Scene.CODE + 9 - Scene.TABLES - 0x104));
    scene.memory.writeInt(Scene.TABLES + 0x108, 17 | -14 << 16);
    tables(0, 12);
    assertThat(call(0x7fff_0000L)).isEqualTo(new CpuOutcome.Returned(-14));
    assertThat(call(0x0080_0000_0000_0000L)).isEqualTo(new CpuOutcome.Returned(-14));
    assertThat(log).isEmpty();
  }

  @Test
  void traceGoesThroughKernelFunctionsAndCallbacks() {
    // 0: push; call 0x40 (returns to 6) ; 0x40: sub rsp,24; call slot; 0x80: push x2; ud2
    scene.code("53 e83a000000 5b c3");
    scene.memory.patch(
        Scene.CODE + 0x40,
        java.util.HexFormat.of()
            .parseHex("4883ec18" + "48b8%016x".formatted(Long.reverseBytes(Scene.TEXT)) + "ffd0"));
    scene.memory.patch(Scene.CODE + 0x80, new byte[] {0x53, 0x53, 0x0f, 0x0b});
    cpu.installTraps(
        Scene.TEXT,
        1,
        (slot, frame) -> {
          frame.callGuest(Scene.CODE + 0x80, new long[0], rax -> rax);
          return 0;
        });
    orc(0, 8);
    orc(1, 16);
    orc(0x40, 8);
    orc(0x44, 32);
    orc(0x80, 8);
    orc(0x81, 16);
    orc(0x82, 24);
    tables(0, 0);
    assertThat(call()).isInstanceOf(CpuOutcome.Died.class);
    int trace = log.indexOf(" <TASK>");
    assertThat(log.subList(trace, trace + 4))
        .containsExactly(
            " <TASK>",
            " hello_init+0x50/0x1000 [hello]",
            " hello_init+0x6/0x1000 [hello]",
            " </TASK>");
  }

  @Test
  void functionThatGivesUpIsAtTheTop() {
    scene.code("53 48b8%016x ffd0 5b c3".formatted(Long.reverseBytes(Scene.TEXT)));
    cpu.installTraps(
        Scene.TEXT,
        1,
        (slot, frame) -> {
          throw new GuestOops("BUG: spinlock recursion on CPU#0, insmod/321");
        });
    orc(0, 8);
    orc(1, 16);
    tables(0, 0);
    assertThat(call()).isInstanceOf(CpuOutcome.Died.class);
    assertThat(log.getFirst()).isEqualTo("BUG: spinlock recursion on CPU#0, insmod/321");
    assertThat(log).contains("RIP: 0010:strlen+0x0", " hello_init+0xd/0x1000 [hello]");
  }
}
