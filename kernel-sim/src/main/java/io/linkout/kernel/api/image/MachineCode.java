package io.linkout.kernel.api.image;

import io.linkout.kernel.api.FunctionTable;
import io.linkout.kernel.api.FunctionTable.Licence;
import java.util.HexFormat;
import java.util.List;

/** Kernel functions that are so small or hot that they are machine code. */
public final class MachineCode {
  private static final List<String> REGISTERS =
      List.of(
          "rax", "rcx", "rdx", "rbx", "rsp", "rbp", "rsi", "rdi", "r8", "r9", "r10", "r11", "r12",
          "r13", "r14", "r15");

  private static final String RETURN = "c3cccccccc";

  private MachineCode() {}

  /** Declares entry, return and indirect thunks, and static-call trampolines of no function. */
  public static void declare(FunctionTable table) {
    code(table, "__fentry__", Licence.ANY, RETURN);
    code(table, "__x86_return_thunk", Licence.ANY, "c3cc");
    // Two registers come back, which no function in Java can do: seconds in rax, the rest in rdx.
    // mov rax,rdi; cqo; mov ecx,1000000000; idiv rcx; test rdx,rdx; jns end; dec rax; add rdx,rcx
    code(
        table,
        "ns_to_timespec64",
        Licence.ANY,
        "4889f84899b900ca9a3b48f7f94885d2790648ffc84801cac3");
    declareIndirectThunks(table);
    // might_resched, cond_resched and preempt_schedule of a kernel in which nothing else can run.
    code(table, "__SCT__might_resched", Licence.GPL, "31c0" + RETURN);
    code(table, "__SCT__cond_resched", Licence.GPL, "31c0" + RETURN);
    code(table, "__SCT__preempt_schedule", Licence.GPL, RETURN);
    code(table, "__SCT__preempt_schedule_notrace", Licence.GPL, RETURN);
    code(table, "__cond_resched", Licence.ANY, "31c0" + RETURN);
    code(table, "preempt_schedule", Licence.ANY, RETURN);
    code(table, "preempt_schedule_notrace", Licence.GPL, RETURN);
    code(table, "preempt_schedule_thunk", Licence.ANY, RETURN);
    code(table, "preempt_schedule_notrace_thunk", Licence.ANY, RETURN);
    code(table, "__static_call_return0", Licence.GPL, "31c0" + RETURN);
  }

  /** The array's thunks lie 32 bytes apart, by the encoding's order of registers. */
  private static void declareIndirectThunks(FunctionTable table) {
    StringBuilder array = new StringBuilder();
    for (int i = 0; i < REGISTERS.size(); i++) {
      String jump = (i < 8 ? "" : "41") + String.format("ffe%x", i % 8) + "cc";
      array.append(jump).append("cc".repeat(32 - jump.length() / 2));
      if (!REGISTERS.get(i).equals("rsp")) {
        code(table, "__x86_indirect_thunk_" + REGISTERS.get(i), Licence.GPL, jump);
      }
    }
    code(table, "__x86_indirect_thunk_array", Licence.GPL, array.toString());
  }

  private static void code(FunctionTable table, String name, Licence licence, String hex) {
    table.code(name, licence, HexFormat.of().parseHex(hex));
  }
}
