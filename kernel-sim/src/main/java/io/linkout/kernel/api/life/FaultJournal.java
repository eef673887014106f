package io.linkout.kernel.api.life;

import io.linkout.kernel.api.image.CurrentTask;
import io.linkout.kernel.api.oops.CallTrace;
import io.linkout.kernel.api.oops.FaultJudge;
import io.linkout.kernel.api.oops.FaultJudge.Die;
import io.linkout.kernel.api.oops.FaultJudge.GoOn;
import io.linkout.kernel.api.oops.FaultJudge.Verdict;
import io.linkout.kernel.api.oops.OopsScene;
import io.linkout.kernel.cpu.Cpu;
import io.linkout.kernel.cpu.CpuFault;
import io.linkout.kernel.cpu.CpuOutcome;
import io.linkout.kernel.cpu.FaultHandler;
import io.linkout.kernel.cpu.GuestLayout;
import io.linkout.kernel.cpu.Registers;
import io.linkout.kernel.cpu.TrapFrame;
import io.linkout.kernel.kmsg.Kmsg;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Carries out what the judge of faults says, and logs it. */
public final class FaultJournal implements FaultHandler, DeathReport {
  private static final int ALERT = 1;
  private static final int WARNING = 4;
  private static final int MAX_STACK = GuestStack.SIZE;

  private final Cpu cpu;
  private final FaultJudge judge;
  private final CallTrace trace;
  private final GuestNames names;
  private final ModulePlaces places;
  private final GuestModules modules;
  private final CurrentTask task;
  private final Taints taints;
  private final String release;
  private final boolean preempt;
  private final Kmsg log;
  private @Nullable Judged judged;

  /** A fault that ends the guest, and what the judge said of it. */
  private record Judged(CpuFault fault, Registers registers, Verdict verdict) {}

  /** Asks {@code judge}; logs to {@code log} in the name of the kernel {@code release}. */
  public FaultJournal(
      Cpu cpu,
      FaultJudge judge,
      CallTrace trace,
      GuestNames names,
      ModulePlaces places,
      GuestModules modules,
      CurrentTask task,
      Taints taints,
      String release,
      boolean preempt,
      Kmsg log) {
    this.cpu = cpu;
    this.judge = judge;
    this.trace = trace;
    this.names = names;
    this.places = places;
    this.modules = modules;
    this.task = task;
    this.taints = taints;
    this.release = release;
    this.preempt = preempt;
    this.log = log;
  }

  /** Lets the guest go on where the judge says; a death is reported once the call has ended. */
  @Override
  public long onFault(CpuFault fault, Registers registers) {
    Verdict verdict = judge.judge(fault, registers, scene());
    if (!(verdict instanceof GoOn go)) {
      judged = new Judged(fault, registers, verdict);
      return DIE;
    }
    // as one record after the other, with nothing in between, so that a reader has all or none
    logAll(WARNING, go.report());
    go.registers().forEach(cpu::setRegister);
    if (go.taint() >= 0) {
      taints.add(Taints.letter(go.taint()));
    }
    return go.address();
  }

  @Override
  public List<String> report(CpuOutcome.Died died) {
    List<String> report =
        verdict(died.fault(), died.registers()) instanceof Die(List<String> lines)
            ? lines
            : List.of();
    judged = null;
    logAll(ALERT, report);
    taints.add(died.fault() instanceof CpuFault.SoftLockup ? 'L' : 'D');
    return report;
  }

  private void logAll(int level, List<String> lines) {
    if (!lines.isEmpty()) {
      log.log(level, String.join("\n", lines));
    }
  }

  /** Returns what was judged of that very fault when it happened, else judges it now. */
  private Verdict verdict(CpuFault fault, Registers registers) {
    Judged before = judged;
    return before != null && before.fault().equals(fault) && before.registers().equals(registers)
        ? before.verdict()
        : judge.judge(fault, registers, scene());
  }

  /** Logs the call trace of a kernel function's caller at {@code level}; -1 is the default. */
  public void trace(TrapFrame frame, int level) {
    int logged = level < 0 ? WARNING : level;
    OopsScene scene = scene();
    List<CallTrace.Frame> frames = trace.of(atEntry(frame), scene.stackTop());
    List<String> lines =
        new ArrayList<>(places.of(frames.stream().map(CallTrace.Frame::address).toList()));
    lines.add(
        "CPU: 0 PID: %d Comm: %s %s %s"
            .formatted(scene.pid(), scene.comm(), scene.taint(), scene.release()));
    lines.add("Call Trace:");
    lines.add(" <TASK>");
    for (CallTrace.Frame f : frames) {
      lines.add(" " + (f.reliable() ? "" : "? ") + names.text(f.address()));
    }
    lines.add(" </TASK>");
    logAll(logged, lines);
  }

  /**
   * As registers at the first instruction of a kernel function: all that the trace needs of them.
   */
  private static Registers atEntry(TrapFrame frame) {
    return new Registers(
        GuestLayout.KERNEL_TEXT,
        frame.stackPointer(),
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0);
  }

  /** Returns who runs, and in what kernel. */
  public OopsScene scene() {
    List<String> loaded = new ArrayList<>();
    for (GuestModule module : modules.all()) {
      String letters = module.image().taints();
      loaded.addFirst(module.name() + (letters.isEmpty() ? "" : "(" + letters + ")"));
    }
    return new OopsScene(
        task.pid(),
        task.name(),
        taints.forOops(),
        release,
        "#1 SMP" + (preempt ? " PREEMPT" : ""),
        (preempt ? "PREEMPT " : "") + "SMP",
        "Linkout",
        loaded,
        GuestStack.base(),
        GuestStack.base() + MAX_STACK);
  }
}
