package io.linkout.kernel.api.oops;

import static org.assertj.core.api.Assertions.assertThat;

import io.linkout.kernel.cpu.Access;
import io.linkout.kernel.cpu.CpuFault;
import io.linkout.kernel.cpu.Registers;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FixupTest {
  private static final CpuFault FAULT = new CpuFault.Page(0x10, Access.READ, false);
  private static final Registers AT = Scene.at(Scene.CODE + 4, Scene.STACK_TOP - 64, 0);

  private final Scene scene = new Scene();

  private Fixup.Resume resumed(int data) {
    Fixup fixup = Fixup.of(entry(data), FAULT, AT);
    assertThat(fixup).isInstanceOf(Fixup.Resume.class);
    return (Fixup.Resume) fixup;
  }

  /** The entry that {@code data} makes, read back from memory. */
  private ExceptionEntry entry(int data) {
    table(Scene.CODE + 4, data);
    ExceptionEntry entry =
        ExceptionEntry.find(scene.memory, new TableSpan(Scene.TABLES, 12), Scene.CODE + 4);
    assertThat(entry).isNotNull();
    return java.util.Objects.requireNonNull(entry);
  }

  private void table(long instruction, int data) {
    scene.memory.writeInt(Scene.TABLES, (int) (instruction - Scene.TABLES));
    scene.memory.writeInt(Scene.TABLES + 4, (int) (Scene.CODE + 0x80 - Scene.TABLES - 4));
    scene.memory.writeInt(Scene.TABLES + 8, data);
  }

  @Test
  void defaultGoesOnAtTheFixup() {
    Fixup.Resume resume = resumed(1);
    assertThat(resume.address()).isEqualTo(Scene.CODE + 0x80);
    assertThat(resume.registers()).isEmpty();
  }

  @Test
  void faultGivesTheTrapNumber() {
    assertThat(resumed(2).registers()).isEqualTo(Map.of(0, 14L));
  }

  @Test
  void userAccessGivesAnErrorInARegister() {
    assertThat(resumed(17 | 13 << 8 | -14 << 16).registers()).isEqualTo(Map.of(13, -14L));
    assertThat(resumed(17 | 2 << 8).registers()).isEqualTo(Map.of(2, 0L));
    assertThat(resumed(3).registers()).isEmpty();
  }

  @Test
  void resultRegistersAreCleared() {
    assertThat(resumed(1 | 3 << 12).registers()).isEqualTo(Map.of(0, 0L, 2, 0L));
  }

  @Test
  void popMovesTheStack() {
    assertThat(resumed(16 | 3 << 8).registers()).isEqualTo(Map.of(4, AT.rsp() + 8, 3, 0L));
  }

  @Test
  void userCopyCountsWhatIsLeft() {
    // cx := 8 * cx + dx
    assertThat(resumed(19 | 2 << 8 | 8 << 16).registers()).isEqualTo(Map.of(1, 8 * 0x11L + 0x22));
  }

  @Test
  void uncheckedRdmsrReadsZeroAndSaysSo() {
    Fixup.Resume resume = resumed(9);
    assertThat(resume.registers()).isEqualTo(Map.of(0, 0L, 2, 0L));
    assertThat(resume.message()).startsWith("unchecked MSR access error: RDMSR from 0x11 at rIP: ");
    assertThat(resumed(11 | 8 << 8).registers()).containsEntry(8, -5L);
    assertThat(resumed(11 | 8 << 8).message()).isEmpty();
    assertThat(resumed(10 | 8 << 8).registers()).isEqualTo(Map.of(8, -5L));
    assertThat(resumed(8).message())
        .contains("WRMSR to 0x11 (tried to write 0x0000002200000000) at rIP: ");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 5, 6, 7, 12, 13, 18, 20, 21, 255})
  void othersDieNamingTheType(int type) {
    table(Scene.CODE + 4, type);
    scene.tables.put(
        new ModuleTables(
            1,
            List.of(new CodeRange(Scene.CODE, Scene.CODE + 0x1000)),
            TableSpan.EMPTY,
            new TableSpan(Scene.TABLES, 12),
            TableSpan.EMPTY,
            TableSpan.EMPTY));
    FaultJudge.Verdict verdict =
        new FaultJudge(scene.memory, scene.tables, scene.reports()).judge(FAULT, AT, scene.oops);
    assertThat(verdict).isInstanceOf(FaultJudge.Die.class);
    assertThat(verdict.report().getFirst())
        .startsWith("linkout: exception table entry of type " + type + " (");
  }

  @Test
  void entriesAreFoundInASortedTable() {
    int count = 57;
    for (int i = 0; i < count; i++) {
      long at = Scene.TABLES + 12L * i;
      scene.memory.writeInt(at, (int) (Scene.CODE + 3L * i - at));
      scene.memory.writeInt(at + 4, (int) (Scene.CODE + 0x100 + i - at - 4));
      scene.memory.writeInt(at + 8, 1);
    }
    TableSpan span = new TableSpan(Scene.TABLES, 12L * count);
    for (int i = 0; i < count; i++) {
      ExceptionEntry entry = ExceptionEntry.find(scene.memory, span, Scene.CODE + 3L * i);
      assertThat(entry).isNotNull();
      assertThat(java.util.Objects.requireNonNull(entry).fixup()).isEqualTo(Scene.CODE + 0x100 + i);
      assertThat(ExceptionEntry.find(scene.memory, span, Scene.CODE + 3L * i + 1)).isNull();
    }
    assertThat(ExceptionEntry.find(scene.memory, span, Scene.CODE - 1)).isNull();
  }
}
