package io.linkout.link.x86_64;

import io.linkout.link.Complaints;
import io.linkout.link.FixupContext;
import io.linkout.link.FixupRow;
import io.linkout.link.FixupRow.Treatment;
import java.util.List;

/**
 * The order of fix-ups, and the table of what becomes of each section. The order is that of {@code
 * kernel/module/main.c}: post_relocation and {@code arch/x86/kernel/module.c}: module_finalize
 * (6.1).
 */
final class Fixups {
  /** Every section that the kernel's own loader would act on. */
  static final List<FixupRow> ROWS =
      List.of(
          new FixupRow("__ex_table", Treatment.APPLIED, "sorted by instruction"),
          new FixupRow(
              ".return_sites",
              Treatment.APPLIED,
              "JMP __x86_return_thunk becomes RET and INT3: the CPU here speculates on nothing"),
          new FixupRow(
              ".altinstructions", Treatment.APPLIED, "as the feature words of the guest's CPU say"),
          new FixupRow(
              "__mcount_loc",
              Treatment.APPLIED,
              "CALL __fentry__ becomes the NOP of 5 bytes: nothing traces"),
          new FixupRow(
              ".orc_unwind",
              Treatment.APPLIED,
              "sorted with .orc_unwind_ip, the kernel unwinds by it"),
          new FixupRow(
              "__jump_table",
              Treatment.KERNEL,
              "sorted here; sites are patched by the kernel, since keys change after the load"),
          new FixupRow(
              ".static_call_sites",
              Treatment.KERNEL,
              "sorted here; sites are patched by the kernel, since targets change after the load"),
          new FixupRow("__bug_table", Treatment.KERNEL, "looked up when UD2 is executed"),
          new FixupRow(
              ".ctors", Treatment.KERNEL, "called before init, as is .init_array; not both"),
          new FixupRow(".init_array", Treatment.KERNEL, "called before init"),
          new FixupRow("__tracepoints_ptrs", Treatment.KERNEL, "registered by the kernel"),
          new FixupRow(
              ".retpoline_sites",
              Treatment.LEFT,
              "the kernel has the indirect thunks that they call"),
          new FixupRow(
              ".parainstructions",
              Treatment.LEFT,
              "indirect calls through pv_ops stay: guest code runs in ring 3 and must not CLI"),
          new FixupRow(
              ".smp_locks", Treatment.LEFT, "LOCK prefixes are right on any number of processors"),
          new FixupRow(
              ".ibt_endbr_seal", Treatment.LEFT, "no indirect branch tracking in the guest's CPU"),
          new FixupRow(".call_sites", Treatment.LEFT, "call depth tracking is off"),
          new FixupRow(".cfi_sites", Treatment.LEFT, "no FineIBT in the guest's CPU"),
          new FixupRow("_ftrace_events", Treatment.LEFT, "no trace events in the kernel"),
          new FixupRow("_ftrace_eval_map", Treatment.LEFT, "no trace events in the kernel"),
          new FixupRow("__bpf_raw_tp_map", Treatment.LEFT, "no BPF in the kernel"),
          new FixupRow(
              "___srcu_struct_ptrs",
              Treatment.LEFT,
              "the kernel sets none up: what of SRCU it has does without"),
          new FixupRow(
              "__trace_printk_fmt", Treatment.LEFT, "no trace buffer: formats stay in the module"),
          new FixupRow(
              "_error_injection_whitelist", Treatment.LEFT, "no error injection in the kernel"),
          new FixupRow("_kprobe_blacklist", Treatment.LEFT, "no kprobes in the kernel"),
          new FixupRow(".kunit_test_suites", Treatment.LEFT, "no KUnit in the kernel"),
          new FixupRow("__dyndbg", Treatment.LEFT, "no dynamic debugging in the kernel"),
          new FixupRow(".BTF", Treatment.LEFT, "no BPF in the kernel"));

  private Fixups() {}

  /** Applies all, in order. */
  static void apply(FixupContext context, Complaints complaints) {
    SortedTables.sort(context, complaints);
    ReturnSites.apply(context, complaints);
    Alternatives.apply(context, complaints);
    TraceSites.apply(context, complaints);
  }
}
