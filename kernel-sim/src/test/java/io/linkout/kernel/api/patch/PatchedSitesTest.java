package io.linkout.kernel.api.patch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.linkout.kernel.api.LoadImage.Table;
import io.linkout.kernel.api.LoadImage.TableKind;
import io.linkout.kernel.cpu.GuestLayout;
import io.linkout.kernel.cpu.GuestMemory;
import io.linkout.kernel.cpu.Protection;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** Jump labels and static calls follow their keys, at once and at every change. */
final class PatchedSitesTest {
  private static final long TEXT = GuestLayout.MODULES;
  private static final long DATA = TEXT + 0x10000;
  private static final long TABLE = DATA + 0x800;
  private static final int SIZE = 4096;
  private static final String NOP5 = "0f 1f 44 00 00";
  private static final String RET = "c3 cc cc cc cc";
  private static final HexFormat HEX = HexFormat.ofDelimiter(" ");

  private final GuestMemory memory = GuestMemory.detached();
  private final MemorySegment text = Arena.ofAuto().allocate(SIZE, SIZE);
  private long entries = TABLE;

  PatchedSitesTest() {
    memory.map(TEXT, text, Protection.READ_EXECUTE, "text", "test");
    memory.map(DATA, Arena.ofAuto().allocate(SIZE, SIZE), Protection.READ_WRITE, "data", "test");
  }

  private void code(int at, String hex) {
    byte[] bytes = HEX.parseHex(hex);
    MemorySegment.copy(bytes, 0, text, ValueLayout.JAVA_BYTE, at, bytes.length);
  }

  private String code(int at, int length) {
    return HEX.formatHex(text.asSlice(at, length).toArray(ValueLayout.JAVA_BYTE));
  }

  private void jumpEntry(int site, int target, long key, int branch) {
    memory.writeInt(entries, (int) (TEXT + site - entries));
    memory.writeInt(entries + 4, (int) (TEXT + target - entries - 4));
    memory.writeLong(entries + 8, key + branch - entries - 8);
    entries += 16;
  }

  private void callEntry(int site, long key, int tail) {
    memory.writeInt(entries, (int) (TEXT + site - entries));
    memory.writeInt(entries + 4, (int) (key + tail - entries - 4));
    entries += 8;
  }

  private Table table(TableKind kind) {
    return new Table(kind, TABLE, entries - TABLE);
  }

  @Test
  void bothSizesInBothStatesAndSenses() throws JumpLabels.BadSiteException {
    code(0x00, NOP5);
    code(0x10, "66 90");
    code(0x20, "e9 db 00 00 00");
    code(0x30, "eb 0e");
    jumpEntry(0x00, 0x100, DATA, 0);
    jumpEntry(0x10, 0x40, DATA, 0);
    jumpEntry(0x20, 0x100, DATA, 1);
    jumpEntry(0x30, 0x40, DATA, 1);
    JumpLabels labels = new JumpLabels(memory);
    labels.add(table(TableKind.JUMP_TABLE));
    assertThat(code(0x00, 5)).isEqualTo(NOP5);
    assertThat(code(0x10, 2)).isEqualTo("66 90");
    assertThat(code(0x20, 5)).isEqualTo("e9 db 00 00 00");
    assertThat(code(0x30, 2)).isEqualTo("eb 0e");

    memory.writeInt(DATA, 1);
    labels.update(DATA);
    assertThat(code(0x00, 5)).isEqualTo("e9 fb 00 00 00");
    assertThat(code(0x10, 2)).isEqualTo("eb 2e");
    assertThat(code(0x20, 5)).isEqualTo(NOP5);
    assertThat(code(0x30, 2)).isEqualTo("66 90");

    memory.writeInt(DATA, 0);
    labels.update(DATA);
    assertThat(code(0x00, 5)).isEqualTo(NOP5);
    assertThat(code(0x30, 2)).isEqualTo("eb 0e");
  }

  @Test
  void aKeyThatIsEnabledWhenTheModuleComes() throws JumpLabels.BadSiteException {
    code(0, NOP5);
    memory.writeInt(DATA + 16, 3);
    jumpEntry(0, 0x50, DATA + 16, 0);
    new JumpLabels(memory).add(table(TableKind.JUMP_TABLE));
    assertThat(code(0, 5)).isEqualTo("e9 4b 00 00 00");
  }

  @Test
  void anotherKeyChangesNothing() throws JumpLabels.BadSiteException {
    code(0, NOP5);
    jumpEntry(0, 0x50, DATA, 0);
    JumpLabels labels = new JumpLabels(memory);
    labels.add(table(TableKind.JUMP_TABLE));
    memory.writeInt(DATA, 1);
    labels.update(DATA + 16);
    assertThat(code(0, 5)).isEqualTo(NOP5);
  }

  @Test
  void whatIsForgottenIsNotPatchedAgain() throws JumpLabels.BadSiteException {
    code(0, NOP5);
    jumpEntry(0, 0x50, DATA, 0);
    JumpLabels labels = new JumpLabels(memory);
    labels.add(table(TableKind.JUMP_TABLE));
    labels.forget(TEXT, TEXT + SIZE);
    memory.writeInt(DATA, 1);
    labels.update(DATA);
    assertThat(code(0, 5)).isEqualTo(NOP5);
  }

  @Test
  void aSiteThatIsNeitherJumpNorNop() {
    code(0, "48 89 e5");
    jumpEntry(0, 0x50, DATA, 0);
    assertThatThrownBy(() -> new JumpLabels(memory).add(table(TableKind.JUMP_TABLE)))
        .isInstanceOf(JumpLabels.BadSiteException.class)
        .hasMessageContaining("neither jump nor nop");
  }

  @Test
  void callsOfAFunctionOfNothingAndOfOneThatReturnsZero() {
    for (int site = 0; site < 0x60; site += 0x10) {
      code(site, "e8 00 00 00 00");
    }
    long zero = TEXT + 0x200;
    memory.writeLong(DATA, TEXT + 0x100);
    memory.writeLong(DATA + 32, zero);
    callEntry(0x00, DATA, 0);
    callEntry(0x10, DATA, 1);
    callEntry(0x20, DATA + 16, 0);
    callEntry(0x30, DATA + 16, 1);
    callEntry(0x40, DATA + 32, 0);
    callEntry(0x50, DATA + 32, 1);
    StaticCalls calls = new StaticCalls(memory);
    calls.returnZero(zero);
    calls.add(table(TableKind.STATIC_CALL_SITES));
    assertThat(code(0x00, 5)).isEqualTo("e8 fb 00 00 00");
    assertThat(code(0x10, 5)).isEqualTo("e9 eb 00 00 00");
    assertThat(code(0x20, 5)).isEqualTo(NOP5);
    assertThat(code(0x30, 5)).isEqualTo(RET);
    assertThat(code(0x40, 5)).isEqualTo("2e 2e 2e 31 c0");
    assertThat(code(0x50, 5)).isEqualTo("e9 ab 01 00 00");

    calls.update(DATA, 0, 0);
    calls.update(DATA + 16, 0, TEXT + 0x120);
    assertThat(code(0x00, 5)).isEqualTo(NOP5);
    assertThat(code(0x10, 5)).isEqualTo(RET);
    assertThat(code(0x20, 5)).isEqualTo("e8 fb 00 00 00");
    assertThat(code(0x30, 5)).isEqualTo("e9 eb 00 00 00");
    assertThat(memory.readLong(DATA + 16)).isEqualTo(TEXT + 0x120);
  }

  @Test
  void theTrampolineFollowsToo() {
    code(0x40, "e9 00 00 00 00");
    StaticCalls calls = new StaticCalls(memory);
    calls.update(DATA, TEXT + 0x40, TEXT + 0x100);
    assertThat(code(0x40, 5)).isEqualTo("e9 bb 00 00 00");
    calls.update(DATA, TEXT + 0x40, 0);
    assertThat(code(0x40, 5)).isEqualTo(RET);
  }

  @Test
  void aConditionalJumpStays() {
    code(0x00, "0f 84 3a 00 00 00");
    memory.writeLong(DATA, TEXT + 0x100);
    callEntry(0x00, DATA, 1);
    StaticCalls calls = new StaticCalls(memory);
    calls.add(table(TableKind.STATIC_CALL_SITES));
    calls.update(DATA, 0, TEXT + 0x120);
    assertThat(code(0x00, 6)).isEqualTo("0f 84 3a 00 00 00");
  }

  /** A key that is not exported is named by its trampoline, which is code. */
  @Test
  void aSiteNamedByItsTrampolineGoesOnCallingIt() {
    code(0x00, "e8 3b 00 00 00");
    callEntry(0x00, TEXT + 0x40, 0);
    new StaticCalls(memory).add(table(TableKind.STATIC_CALL_SITES));
    assertThat(code(0x00, 5)).isEqualTo("e8 3b 00 00 00");
  }
}
