package io.linkout.kernel.api.image;

import io.linkout.kernel.api.FunctionTable;
import io.linkout.kernel.api.KernelExport.Behaviour;
import io.linkout.kernel.api.KernelFunction;
import io.linkout.kernel.cpu.Cpu;
import io.linkout.kernel.cpu.GuestLayout;
import io.linkout.kernel.cpu.Protection;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/**
 * Kernel text: first the trap slots, one for each function in Java, in the order they are declared,
 * then the functions that are machine code. An address is known as soon as its function is
 * declared.
 */
final class KernelText implements FunctionTable {
  /** Machine code begins here, so there may be 32,768 slots below it. */
  private static final long CODE = GuestLayout.KERNEL_TEXT + 0x80000;

  private static final int MAX_SLOTS = (int) ((CODE - GuestLayout.KERNEL_TEXT) / Cpu.TRAP_STRIDE);
  private static final int CODE_ALIGNMENT = 16;
  private static final byte INT3 = (byte) 0xcc;

  private final SymbolBook book;
  private final List<KernelFunction> functions = new ArrayList<>();
  private final ByteArrayOutputStream code = new ByteArrayOutputStream();

  KernelText(SymbolBook book) {
    this.book = book;
  }

  @Override
  public void real(String name, Licence licence, KernelFunction function) {
    slot(name, licence, Behaviour.REAL, function);
  }

  @Override
  public void modelled(String name, Licence licence, KernelFunction function) {
    slot(name, licence, Behaviour.MODELLED, function);
  }

  @Override
  public void code(String name, Licence licence, byte[] bytes) {
    while (code.size() % CODE_ALIGNMENT != 0) {
      code.write(INT3);
    }
    book.add(
        new ProvidedSymbol(name, CODE + code.size(), bytes.length, licence, Behaviour.REAL, false));
    code.writeBytes(bytes);
  }

  private void slot(String name, Licence licence, Behaviour behaviour, KernelFunction function) {
    if (functions.size() == MAX_SLOTS) {
      throw new IllegalStateException("no trap slot left for " + name);
    }
    long address = GuestLayout.KERNEL_TEXT + (long) functions.size() * Cpu.TRAP_STRIDE;
    functions.add(function);
    book.add(new ProvidedSymbol(name, address, Cpu.TRAP_STRIDE, licence, behaviour, false));
  }

  /** Maps all that was declared; nothing can be declared after this. */
  void map(Cpu cpu, Arena arena) {
    byte[] trap = cpu.trapCode();
    MemorySegment slots =
        arena.allocate(
            GuestLayout.pageUp((long) functions.size() * Cpu.TRAP_STRIDE), GuestLayout.PAGE);
    slots.fill(INT3);
    for (int i = 0; i < functions.size(); i++) {
      MemorySegment.copy(
          trap, 0, slots, ValueLayout.JAVA_BYTE, (long) i * Cpu.TRAP_STRIDE, trap.length);
    }
    cpu.memory().map(GuestLayout.KERNEL_TEXT, slots, Protection.READ_EXECUTE, "kernel text", "");
    byte[] bytes = code.toByteArray();
    MemorySegment machineCode = arena.allocate(GuestLayout.pageUp(bytes.length), GuestLayout.PAGE);
    machineCode.fill(INT3);
    MemorySegment.copy(bytes, 0, machineCode, ValueLayout.JAVA_BYTE, 0, bytes.length);
    cpu.memory().map(CODE, machineCode, Protection.READ_EXECUTE, "kernel text", "");
    List<KernelFunction> table = List.copyOf(functions);
    cpu.installTraps(
        GuestLayout.KERNEL_TEXT, table.size(), (slot, frame) -> table.get(slot).call(frame));
  }
}
