package io.linkout.kernel.api.oops;

import io.linkout.kernel.api.text.AddressNames;
import io.linkout.kernel.cpu.Access;
import io.linkout.kernel.cpu.GuestMemory;
import io.linkout.kernel.cpu.Registers;
import java.util.ArrayList;
import java.util.List;

/**
 * The middle of a report: who ran, where, the code there, registers, as arch/x86/kernel/dumpstack.c
 * and process_64.c lay them out in Linux 6.1. Control registers and descriptor tables are left out,
 * since this machine has none to speak of; bytes of code that cannot be read are left out too,
 * where Linux leaves out the line.
 */
final class CpuStateText {
  private static final int BEFORE = 42;
  private static final int AFTER = 21;
  private static final long KERNEL_CODE = 0x10;
  private static final long KERNEL_STACK = 0x18;

  private final GuestMemory memory;
  private final AddressNames names;

  CpuStateText(GuestMemory memory, AddressNames names) {
    this.memory = memory;
    this.names = names;
  }

  /** Returns the lines. */
  List<String> of(Registers r, OopsScene scene) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "CPU: 0 PID: %d Comm: %.20s %s %s %s"
            .formatted(scene.pid(), scene.comm(), scene.taint(), scene.release(), scene.version())
            .stripTrailing());
    lines.add("Hardware name: " + scene.hardware());
    lines.add("RIP: %04x:%s".formatted(KERNEL_CODE, name(r.rip())));
    lines.add(code(r.rip()));
    lines.add("RSP: %04x:%016x EFLAGS: %08x".formatted(KERNEL_STACK, r.rsp(), r.rflags()));
    lines.add("RAX: %016x RBX: %016x RCX: %016x".formatted(r.rax(), r.rbx(), r.rcx()));
    lines.add("RDX: %016x RSI: %016x RDI: %016x".formatted(r.rdx(), r.rsi(), r.rdi()));
    lines.add("RBP: %016x R08: %016x R09: %016x".formatted(r.rbp(), r.r8(), r.r9()));
    lines.add("R10: %016x R11: %016x R12: %016x".formatted(r.r10(), r.r11(), r.r12()));
    lines.add("R13: %016x R14: %016x R15: %016x".formatted(r.r13(), r.r14(), r.r15()));
    return lines;
  }

  /**
   * Returns {@code address} as %pS prints it: {@code symbol+0x12/0x34 [module]}; the size is left
   * out if it is not known, and a bare number is all if nothing is.
   */
  String name(long address) {
    AddressNames.Name name = names.lookup(address);
    if (name == null) {
      return "0x%x".formatted(address);
    }
    return "%s+0x%x%s%s"
        .formatted(
            name.symbol(),
            name.offset(),
            name.size() > 0 ? "/0x%x".formatted(name.size()) : "",
            name.module().isEmpty() ? "" : " [" + name.module() + "]");
  }

  private String code(long rip) {
    if (!memory.allows(rip, 1, Access.READ)) {
      return "Code: Unable to access opcode bytes at 0x%x.".formatted(rip - BEFORE);
    }
    StringBuilder line = new StringBuilder("Code:");
    for (long at = rip - BEFORE; at != rip + AFTER + 1; at++) {
      if (memory.allows(at, 1, Access.READ)) {
        line.append((at == rip ? " <%02x>" : " %02x").formatted(memory.readByte(at)));
      }
    }
    return line.toString();
  }
}
