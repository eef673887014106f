package io.linkout.kernel.api.lock;

import io.linkout.kernel.api.Complaints;
import io.linkout.kernel.api.heap.GuestHeap;
import io.linkout.kernel.api.image.CurrentTask;
import io.linkout.kernel.api.image.InterruptFlag;
import io.linkout.kernel.api.image.KernelImage;
import io.linkout.kernel.api.time.Agenda;
import io.linkout.kernel.api.time.GuestClock;
import io.linkout.kernel.api.time.Sleep;
import io.linkout.kernel.cpu.GuestMemory;
import io.linkout.kernel.personality.StructLayout;

/** All locks and ways to wait, put together. */
public final class LockFunctions {
  private LockFunctions() {}

  /** Declares them in {@code image}. */
  public static void declare(
      KernelImage image,
      GuestMemory memory,
      StructLayout layout,
      CurrentTask task,
      InterruptFlag interrupts,
      Agenda agenda,
      Sleep sleep,
      GuestClock clock,
      GuestHeap heap,
      Complaints complaints) {
    Deadlocks deadlocks = new Deadlocks(complaints);
    SpinFunctions.declare(image.text(), task, interrupts, deadlocks);
    new MutexFunctions(layout, task, deadlocks, complaints, sleep, clock).declare(image.text());
    new CompletionFunctions(layout, sleep, clock).declare(image.text());
    new WaitFunctions(layout, memory, task, sleep, clock).declare(image.text(), image.symbols());
    new RcuFunctions(layout, agenda, sleep, clock, heap).declare(image.text());
    ListDebugFunctions.declare(image.text(), complaints);
  }
}
