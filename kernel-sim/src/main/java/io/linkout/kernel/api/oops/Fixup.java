package io.linkout.kernel.api.oops;

import io.linkout.kernel.cpu.CpuFault;
import io.linkout.kernel.cpu.Registers;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What an exception-table entry makes of a fault: arch/x86/mm/extable.c, fixup_exception, Linux
 * 6.1.
 */
public sealed interface Fixup {
  /**
   * Go on at {@code address}.
   *
   * @param registers to set first, by x86 encoding
   * @param message to log first, empty if none
   */
  record Resume(long address, Map<Integer, Long> registers, String message) implements Fixup {}

  /** This kernel does not know what the entry asks for: the guest dies, and this is said. */
  record Unsupported(String message) implements Fixup {}

  /** errno EIO, which the safe forms of rdmsr and wrmsr give. */
  long EIO = 5;

  /** Returns what {@code entry} makes of {@code fault}. */
  static Fixup of(ExceptionEntry entry, CpuFault fault, Registers at) {
    Map<Integer, Long> set = new LinkedHashMap<>();
    String message = "";
    switch (entry.type()) {
      case 1, 14 -> {} // DEFAULT, DEFAULT_MCE_SAFE
      case 2, 4, 15 -> set.put(0, vector(fault)); // FAULT, COPY, FAULT_MCE_SAFE
      case 3 -> {} // UACCESS
      case 8, 10 -> { // WRMSR, WRMSR_SAFE
        message = wrmsr(entry, at);
        safe(entry, 10, set);
      }
      case 9, 11 -> { // RDMSR, RDMSR_SAFE
        message = rdmsr(entry, at);
        set.put(0, 0L);
        set.put(2, 0L);
        safe(entry, 11, set);
      }
      case 16 -> { // POP_REG
        set.put(4, at.rsp() + 8);
        set.put(entry.register(), (long) entry.immediate());
      }
      case 17 -> set.put(entry.register(), (long) entry.immediate()); // IMM_REG
      case 19 -> // UCOPY_LEN
          set.put(1, entry.immediate() * at.rcx() + register(at, entry.register()));
      default -> {
        return new Unsupported(
            "linkout: exception table entry of type %d (%s) is not supported"
                .formatted(entry.type(), name(entry.type())));
      }
    }
    if ((entry.clears() & 1) != 0) {
      set.put(0, 0L);
    }
    if ((entry.clears() & 2) != 0) {
      set.put(2, 0L);
    }
    return new Resume(entry.fixup(), set, message);
  }

  private static void safe(ExceptionEntry entry, int safeType, Map<Integer, Long> set) {
    if (entry.type() == safeType) {
      set.put(entry.register(), -EIO);
    }
  }

  private static String rdmsr(ExceptionEntry entry, Registers at) {
    return entry.type() == 11
        ? ""
        : "unchecked MSR access error: RDMSR from 0x%x at rIP: 0x%x"
            .formatted((int) at.rcx(), at.rip());
  }

  private static String wrmsr(ExceptionEntry entry, Registers at) {
    return entry.type() == 10
        ? ""
        : "unchecked MSR access error: WRMSR to 0x%x (tried to write 0x%08x%08x) at rIP: 0x%x"
            .formatted((int) at.rcx(), (int) at.rdx(), (int) at.rax(), at.rip());
  }

  /** Returns the number of the trap that {@code fault} is. */
  private static long vector(CpuFault fault) {
    return switch (fault) {
      case CpuFault.Page page -> 14;
      case CpuFault.FunctionPage page -> 14;
      case CpuFault.StackOverflow overflow -> 14;
      case CpuFault.Divide divide -> 0;
      case CpuFault.InvalidOpcode opcode -> 6;
      case CpuFault.OtherVector other -> other.vector();
      case CpuFault.Protection protection -> 13;
      case CpuFault.Forbidden forbidden -> 13;
      case CpuFault.Oops oops -> 6;
      case CpuFault.SoftLockup lockup -> 2;
    };
  }

  private static long register(Registers at, int number) {
    return switch (number) {
      case 0 -> at.rax();
      case 1 -> at.rcx();
      case 2 -> at.rdx();
      case 3 -> at.rbx();
      case 4 -> at.rsp();
      case 5 -> at.rbp();
      case 6 -> at.rsi();
      case 7 -> at.rdi();
      case 8 -> at.r8();
      case 9 -> at.r9();
      case 10 -> at.r10();
      case 11 -> at.r11();
      case 12 -> at.r12();
      case 13 -> at.r13();
      case 14 -> at.r14();
      default -> at.r15();
    };
  }

  private static String name(int type) {
    return switch (type) {
      case 5 -> "CLEAR_FS";
      case 6 -> "FPU_RESTORE";
      case 7 -> "BPF";
      case 12 -> "WRMSR_IN_MCE";
      case 13 -> "RDMSR_IN_MCE";
      case 18 -> "FAULT_SGX";
      case 20 -> "ZEROPAD";
      default -> "unknown";
    };
  }
}
