package io.linkout.kernel.api.oops;

import static org.assertj.core.api.Assertions.assertThat;

import io.linkout.kernel.cpu.GuestLayout;
import io.linkout.kernel.cpu.Registers;
import java.util.List;
import org.junit.jupiter.api.Test;

class CallTraceTest {
  private static final long ENTRIES = Scene.TABLES + 0x800;

  private final Scene scene = new Scene();
  private int orcs;

  private void orc(long from, int stackOffset, int stackBase, int frameOffset, int frameBase) {
    orc(from, stackOffset, stackBase, frameOffset, frameBase, 0);
  }

  private void orc(
      long from, int stackOffset, int stackBase, int frameOffset, int frameBase, int rest) {
    long at = Scene.TABLES + 4L * orcs;
    scene.memory.writeInt(at, (int) (from - at));
    long entry = ENTRIES + 6L * orcs;
    scene.memory.writeShort(entry, stackOffset);
    scene.memory.writeShort(entry + 2, frameOffset);
    scene.memory.writeByte(entry + 4, stackBase | frameBase << 4);
    scene.memory.writeByte(entry + 5, rest);
    orcs++;
  }

  private List<CallTrace.Frame> trace(Registers registers) {
    scene.tables.put(
        new ModuleTables(
            1,
            List.of(new CodeRange(Scene.CODE, Scene.CODE + 0x1000)),
            TableSpan.EMPTY,
            TableSpan.EMPTY,
            new TableSpan(Scene.TABLES, 4L * orcs),
            new TableSpan(ENTRIES, 6L * orcs)));
    return new CallTrace(scene.memory, scene.tables).of(registers, Scene.STACK_TOP);
  }

  private static CallTrace.Frame sure(long address) {
    return new CallTrace.Frame(address, true);
  }

  private static CallTrace.Frame guess(long address) {
    return new CallTrace.Frame(address, false);
  }

  @Test
  void framesBaseOnStackAndFramePointers() {
    // a at 0: frame pointer set up; b at 0x100: 0x18 bytes of stack; c at 0x200: nothing
    orc(Scene.CODE, 16, OrcEntry.BP, -16, OrcEntry.PREVIOUS_SP);
    orc(Scene.CODE + 0x100, 0x20, OrcEntry.SP, 0, OrcEntry.UNDEFINED);
    orc(Scene.CODE + 0x200, 8, OrcEntry.SP, 0, OrcEntry.UNDEFINED);
    long sp = Scene.STACK_TOP - 0x100;
    scene.memory.writeLong(sp, Scene.CODE + 0x110); // c's return into b
    scene.memory.writeLong(sp + 8, Scene.CODE + 0x33); // a stale word in b's frame
    scene.memory.writeLong(sp + 0x20, Scene.CODE + 0x20); // b's return into a
    long bp = sp + 0x40;
    scene.memory.writeLong(bp, 0x1234);
    scene.memory.writeLong(bp + 8, GuestLayout.RETURN_SLOT);
    assertThat(trace(Scene.at(Scene.CODE + 0x200, sp, bp)))
        .containsExactly(sure(Scene.CODE + 0x110), sure(Scene.CODE + 0x20));
  }

  @Test
  void returnAddressAtTheEndOfAFunctionBelongsToIt() {
    orc(Scene.CODE, 8, OrcEntry.SP, 0, OrcEntry.UNDEFINED);
    orc(Scene.CODE + 0x100, 0x30, OrcEntry.SP, 0, OrcEntry.UNDEFINED);
    orc(Scene.CODE + 0x200, 8, OrcEntry.SP, 0, OrcEntry.UNDEFINED);
    long sp = Scene.STACK_TOP - 0x100;
    scene.memory.writeLong(sp, Scene.CODE + 0x200); // a noreturn call ends the second function
    scene.memory.writeLong(sp + 0x30, GuestLayout.RETURN_SLOT);
    assertThat(trace(Scene.at(Scene.CODE + 0x210, sp, 0)))
        .containsExactly(sure(Scene.CODE + 0x200));
  }

  @Test
  void kernelFunctionsAndCallbacksAreSeenThrough() {
    orc(Scene.CODE, 8, OrcEntry.SP, 0, OrcEntry.UNDEFINED);
    long sp = Scene.STACK_TOP - 0x100;
    scene.memory.writeLong(sp, Scene.CODE + 0x10); // strlen's caller
    scene.memory.writeLong(sp + 8, GuestLayout.CALLBACK_SLOT); // which sort called
    scene.memory.writeLong(sp + 16, 0);
    scene.memory.writeLong(sp + 24, Scene.CODE + 0x40); // sort's caller
    scene.memory.writeLong(sp + 32, GuestLayout.RETURN_SLOT);
    assertThat(trace(Scene.at(Scene.TEXT + 0x30, sp, 0)))
        .containsExactly(sure(Scene.CODE + 0x10), sure(Scene.CODE + 0x40));
  }

  @Test
  void callOfNothingHasItsCaller() {
    orc(Scene.CODE, 8, OrcEntry.SP, 0, OrcEntry.UNDEFINED);
    long sp = Scene.STACK_TOP - 0x100;
    scene.memory.writeLong(sp, Scene.CODE + 0x10);
    scene.memory.writeLong(sp + 8, GuestLayout.RETURN_SLOT);
    assertThat(trace(Scene.at(0, sp, 0))).containsExactly(sure(Scene.CODE + 0x10));
  }

  @Test
  void realignedStacksAreFoundThroughMemory() {
    orc(Scene.CODE, -8, OrcEntry.BP_INDIRECT, 0, OrcEntry.BP);
    orc(Scene.CODE + 0x100, 0, OrcEntry.R10, 0, OrcEntry.UNDEFINED);
    long bp = Scene.STACK_TOP - 0x80;
    long previous = Scene.STACK_TOP - 0x20;
    scene.memory.writeLong(bp - 8, previous);
    scene.memory.writeLong(bp, 0x77);
    scene.memory.writeLong(previous - 8, GuestLayout.RETURN_SLOT);
    assertThat(trace(Scene.at(Scene.CODE + 4, bp - 0x60, bp))).isEmpty();
  }

  @Test
  void withoutTablesWordsThatPointIntoCodeAreGuesses() {
    long sp = Scene.STACK_TOP - 0x40;
    scene.memory.writeLong(sp, 5);
    scene.memory.writeLong(sp + 8, Scene.CODE + 0x10);
    scene.memory.writeLong(sp + 16, Scene.TABLES);
    scene.memory.writeLong(sp + 24, Scene.TEXT + 1);
    scene.memory.writeLong(sp + 32, GuestLayout.RETURN_SLOT);
    assertThat(trace(Scene.at(Scene.CODE + 4, sp, 0)))
        .containsExactly(guess(Scene.CODE + 0x10), guess(Scene.TEXT + 1));
  }

  @Test
  void brokenStackEndsInGuesses() {
    orc(Scene.CODE, 8, OrcEntry.SP, 0, OrcEntry.UNDEFINED);
    long sp = Scene.STACK_TOP - 0x40;
    scene.memory.writeLong(sp, Scene.CODE + 0x10);
    scene.memory.writeLong(sp + 8, 0x1111_2222L); // smashed
    scene.memory.writeLong(sp + 16, Scene.CODE + 0x30);
    assertThat(trace(Scene.at(Scene.CODE + 4, sp, 0)))
        .containsExactly(sure(Scene.CODE + 0x10), guess(Scene.CODE + 0x30));
  }

  @Test
  void entryCodeAndEndlessFramesAreNotTrusted() {
    orc(Scene.CODE, 0, OrcEntry.SP, 0, OrcEntry.UNDEFINED); // does not move
    orc(Scene.CODE + 0x100, 8, OrcEntry.SP, 0, OrcEntry.UNDEFINED, 1); // type: registers
    long sp = Scene.STACK_TOP - 0x20;
    scene.memory.writeLong(sp - 8, Scene.CODE + 4);
    assertThat(trace(Scene.at(Scene.CODE + 4, sp, 0))).hasSizeLessThan(3);
    assertThat(trace(Scene.at(Scene.CODE + 0x104, sp, 0))).isEmpty();
  }

  @Test
  void nonsenseStackPointersGiveNothing() {
    orc(Scene.CODE, 8, OrcEntry.SP, 0, OrcEntry.UNDEFINED);
    assertThat(trace(Scene.at(Scene.CODE, 0x10, 0))).isEmpty();
    assertThat(trace(Scene.at(Scene.CODE, -8, 0))).isEmpty();
  }
}
