package io.linkout.kernel.api.oops;

import static org.assertj.core.api.Assertions.assertThat;

import io.linkout.kernel.cpu.CpuFault;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class BugEntryTest {
  private static final long NAME = Scene.TABLES + 0x800;

  private final Scene scene = new Scene();
  private int entries;

  private void entry(long address, int line, int flags) {
    long at = Scene.TABLES + 12L * entries++;
    scene.memory.writeInt(at, (int) (address - at));
    scene.memory.writeInt(at + 4, (int) (NAME - at - 4));
    scene.memory.writeShort(at + 8, line);
    scene.memory.writeShort(at + 10, flags);
    scene.memory.write(
        NAME, "drivers/hello.c\0".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
  }

  private TableSpan table() {
    return new TableSpan(Scene.TABLES, 12L * entries);
  }

  private FaultJudge judge() {
    scene.tables.put(
        new ModuleTables(
            1,
            List.of(new CodeRange(Scene.CODE, Scene.CODE + 0x2000)),
            table(),
            TableSpan.EMPTY,
            TableSpan.EMPTY,
            TableSpan.EMPTY));
    return new FaultJudge(scene.memory, scene.tables, scene.reports());
  }

  private FaultJudge.Verdict judged(FaultJudge judge, long offset) {
    return judge.judge(
        new CpuFault.InvalidOpcode(),
        Scene.at(Scene.CODE + offset, Scene.STACK_TOP - 64, 0),
        scene.oops);
  }

  @Test
  void entryIsFoundByItsAddress() {
    entry(Scene.CODE + 5, 10, 0x901);
    entry(Scene.CODE + 99, 0xfffe, 0);
    BugEntry bug =
        Objects.requireNonNull(
            BugEntry.find(scene.memory, TableForms.LINUX_6_1, table(), Scene.CODE + 99));
    assertThat(bug.file()).isEqualTo("drivers/hello.c");
    assertThat(bug.line()).isEqualTo(0xfffe);
    assertThat(bug.warning()).isFalse();
    assertThat(BugEntry.find(scene.memory, TableForms.LINUX_6_1, table(), Scene.CODE + 98))
        .isNull();
    assertThat(BugEntry.find(scene.memory, TableForms.LINUX_6_1, TableSpan.EMPTY, Scene.CODE + 5))
        .isNull();
  }

  @Test
  void warnGoesOnBehindTheInstruction() {
    entry(Scene.CODE + 5, 42, 0x901);
    FaultJudge judge = judge();
    FaultJudge.GoOn verdict = (FaultJudge.GoOn) judged(judge, 5);
    assertThat(verdict.address()).isEqualTo(Scene.CODE + 7);
    assertThat(verdict.taint()).isEqualTo(9);
    assertThat(verdict.report())
        .startsWith(
            "------------[ cut here ]------------",
            "WARNING: CPU: 0 PID: 321 at drivers/hello.c:42 hello_init+0x5/0x1000 [hello]",
            "Modules linked in: hello(OE+) crc7(E)")
        .endsWith("---[ end trace 0000000000000000 ]---");
    assertThat(judged(judge, 5).report()).isNotEmpty();
  }

  @Test
  void warnOnceSpeaksOnce() {
    entry(Scene.CODE + 5, 42, 0x903);
    FaultJudge judge = judge();
    assertThat(judged(judge, 5).report()).isNotEmpty();
    FaultJudge.GoOn again = (FaultJudge.GoOn) judged(judge, 5);
    assertThat(again.report()).isEmpty();
    assertThat(again.taint()).isEqualTo(-1);
    assertThat(again.address()).isEqualTo(Scene.CODE + 7);
  }

  @Test
  void warnThatPrintedBeforeDoesNotCut() {
    entry(Scene.CODE + 5, 42, 0x909);
    assertThat(judged(judge(), 5).report().getFirst()).startsWith("WARNING: ");
  }

  @Test
  void bugDies() {
    entry(Scene.CODE + 5, 7, 0);
    assertThat(judged(judge(), 5))
        .isInstanceOfSatisfying(
            FaultJudge.Die.class,
            die ->
                assertThat(die.report())
                    .startsWith(
                        "------------[ cut here ]------------",
                        "kernel BUG at drivers/hello.c:7!",
                        "invalid opcode: 0000 [#1] PREEMPT SMP"));
  }

  @Test
  void invalidOpcodeElsewhereDies() {
    entry(Scene.CODE + 5, 7, 1);
    assertThat(judged(judge(), 6)).isInstanceOf(FaultJudge.Die.class);
  }
}
