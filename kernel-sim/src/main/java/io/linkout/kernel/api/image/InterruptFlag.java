package io.linkout.kernel.api.image;

import io.linkout.kernel.api.FunctionTable;
import io.linkout.kernel.api.FunctionTable.Licence;
import io.linkout.kernel.cpu.GuestMemory;
import io.linkout.kernel.personality.StructLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The interrupt flag as the guest sees it: ring 3 cannot change the real one, so pv_ops keeps it in
 * a per-CPU word. The operations are machine code that changes no register but rax, as their
 * callers rely on (PV_CALLEE_SAVE, arch/x86/include/asm/paravirt.h).
 */
public final class InterruptFlag {
  private static final int ENABLED = 0x202;
  private static final int DISABLED = 0x2;

  private final GuestMemory memory;
  private final long word;

  /** Provides {@code pv_ops} and the flag's word. */
  public InterruptFlag(KernelImage image, GuestMemory memory, StructLayout layout) {
    this.memory = memory;
    word = image.percpu().variable("linkout_irq_flags", Licence.ANY, 8);
    int offset = (int) image.symbols().address("linkout_irq_flags");
    FunctionTable text = image.text();
    // mov rax, gs:[offset]; ret
    text.code(
        "linkout_save_fl", Licence.ANY, code(0x65, 0x48, 0x8b, 0x04, 0x25).with(offset).ret());
    text.code("linkout_irq_disable", Licence.ANY, store(offset, DISABLED));
    text.code("linkout_irq_enable", Licence.ANY, store(offset, ENABLED));
    long size = layout.of("sizeof.paravirt_patch_template");
    long ops = image.data().poisoned("pv_ops", Licence.ANY, size);
    GuestStruct irq =
        new GuestStruct(
            memory, layout, "pv_irq_ops", ops + layout.of("paravirt_patch_template.irq"));
    irq.writeLong("save_fl", image.symbols().address("linkout_save_fl"));
    irq.writeLong("irq_disable", image.symbols().address("linkout_irq_disable"));
    irq.writeLong("irq_enable", image.symbols().address("linkout_irq_enable"));
    enable();
  }

  /** Enables interrupts. */
  public void enable() {
    memory.writeLong(word, ENABLED);
  }

  /** Disables interrupts and returns the flags as they were. */
  public long save() {
    long before = memory.readLong(word);
    memory.writeLong(word, DISABLED);
    return before;
  }

  /** Makes the flags what {@link #save} returned. */
  public void restore(long flags) {
    memory.writeLong(word, (flags & 0x200) != 0 ? ENABLED : DISABLED);
  }

  /** Returns whether interrupts are enabled. */
  public boolean enabled() {
    return (memory.readLong(word) & 0x200) != 0;
  }

  /** mov qword gs:[offset], value; ret. */
  private static byte[] store(int offset, int value) {
    return code(0x65, 0x48, 0xc7, 0x04, 0x25).with(offset).with(value).ret();
  }

  private static Code code(int... opcode) {
    Code code = new Code();
    for (int b : opcode) {
      code.bytes.put((byte) b);
    }
    return code;
  }

  private static final class Code {
    private final ByteBuffer bytes = ByteBuffer.allocate(32).order(ByteOrder.LITTLE_ENDIAN);

    Code with(int immediate) {
      bytes.putInt(immediate);
      return this;
    }

    byte[] ret() {
      bytes.put((byte) 0xc3);
      byte[] all = new byte[bytes.position()];
      bytes.get(0, all);
      return all;
    }
  }
}
