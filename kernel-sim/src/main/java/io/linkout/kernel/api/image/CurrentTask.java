package io.linkout.kernel.api.image;

import io.linkout.kernel.api.FunctionTable.Licence;
import io.linkout.kernel.cpu.GuestMemory;
import io.linkout.kernel.personality.StructLayout;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The one task there is, as guest code sees it through {@code current}, and the preemption count.
 * What of struct task_struct is not set here is poison.
 */
public final class CurrentTask {
  /** PREEMPT_NEED_RESCHED, inverted: nothing else wants the CPU. */
  private static final int COUNT_AT_REST = 0x80000000;

  private static final int COMM_BYTES = 16;
  private static final int PID = 1;

  private final GuestMemory memory;
  private final GuestStruct task;
  private final long preemptCount;

  /**
   * Provides {@code current_task}, {@code init_task} and {@code __preempt_count}.
   *
   * @param stack lowest guest address of the stack
   */
  public CurrentTask(KernelImage image, GuestMemory memory, StructLayout layout, long stack) {
    this.memory = memory;
    long address = image.data().poisoned("init_task", Licence.ANY, layout.of("sizeof.task_struct"));
    task = new GuestStruct(memory, layout, "task_struct", address);
    task.writeInt("pid", PID);
    task.writeInt("tgid", PID);
    task.writeInt("flags", 0);
    task.writeInt("__state", 0);
    task.writeLong("stack", stack);
    task.writeLong("mm", 0);
    task.writeLong("journal_info", 0);
    task.writeInt("on_cpu", 1);
    task.writeInt("prio", 120);
    task.writeInt("static_prio", 120);
    task.writeInt("normal_prio", 120);
    task.writeInt("rt_priority", 0);
    task.writeInt("policy", 0);
    task.writeInt("nr_cpus_allowed", 1);
    task.writeLong("real_parent", address);
    task.writeLong("parent", address);
    task.writeLong("group_leader", address);
    task.writeLong("cpus_ptr", task.at("cpus_mask"));
    task.writeLong("cpus_mask", 1);
    task.writeLong("thread_info", 0);
    task.writeInt("thread_info", 0);
    memory.writeInt(task.at("thread_info") + layout.of("thread_info.cpu"), 0);
    memory.writeLong(image.percpu().variable("current_task", Licence.ANY, 8), address);
    preemptCount = image.percpu().variable("__preempt_count", Licence.ANY, 4);
    atRest();
  }

  /** Returns the task's guest address. */
  public long address() {
    return task.address();
  }

  /** Returns its process id. */
  public int pid() {
    return task.readInt("pid");
  }

  /** Makes it the process {@code pid}, the only thread of its group. */
  public void pid(int pid) {
    task.writeInt("pid", pid);
    task.writeInt("tgid", pid);
  }

  /** Returns its name. */
  public String name() {
    return memory.readString(task.at("comm"), COMM_BYTES);
  }

  /** Gives it the name {@code command}. */
  public void name(String command) {
    byte[] bytes = Arrays.copyOf(command.getBytes(StandardCharsets.ISO_8859_1), COMM_BYTES);
    bytes[COMM_BYTES - 1] = 0;
    memory.write(task.at("comm"), bytes);
  }

  /** Returns its state as {@code __state} has it: 0 is running. */
  public int state() {
    return task.readInt("__state");
  }

  /** Sets its state. */
  public void state(int state) {
    task.writeInt("__state", state);
  }

  /** Makes it running (TASK_RUNNING), as a sleep that has ended does. */
  public void wakeUp() {
    task.writeInt("__state", 0);
  }

  /** Adds {@code delta} to the preemption count. */
  public void addToPreemptCount(int delta) {
    memory.writeInt(preemptCount, memory.readInt(preemptCount) + delta);
  }

  /** Returns the preemption count, 0 when preemption is possible. */
  public int preemptCount() {
    return memory.readInt(preemptCount) & ~COUNT_AT_REST;
  }

  /** Makes the preemption count 0. */
  public void atRest() {
    memory.writeInt(preemptCount, COUNT_AT_REST);
  }
}
