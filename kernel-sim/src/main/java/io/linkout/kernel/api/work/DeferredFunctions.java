package io.linkout.kernel.api.work;

import io.linkout.kernel.api.Complaints;
import io.linkout.kernel.api.Registrations;
import io.linkout.kernel.api.image.KernelImage;
import io.linkout.kernel.api.text.GuestFormat;
import io.linkout.kernel.api.time.Agenda;
import io.linkout.kernel.api.time.GuestClock;
import io.linkout.kernel.api.time.Sleep;
import io.linkout.kernel.cpu.GuestMemory;
import io.linkout.kernel.personality.StructLayout;

/** All that runs later, put together. */
public final class DeferredFunctions {
  private DeferredFunctions() {}

  /** Declares timers, work queues and tasklets in {@code image}. */
  public static void declare(
      KernelImage image,
      GuestMemory memory,
      StructLayout layout,
      Agenda agenda,
      GuestClock clock,
      Sleep sleep,
      Registrations registrations,
      GuestFormat format,
      Complaints complaints) {
    new TimerFunctions(layout, memory, agenda, clock, registrations, complaints)
        .declare(image.text());
    new HighResolutionTimerFunctions(layout, memory, agenda, clock, registrations)
        .declare(image.text());
    new WorkFunctions(layout, memory, agenda, clock, sleep, registrations, format, image.data())
        .declare(image);
    new TaskletFunctions(memory, agenda, clock, sleep, registrations).declare(image.text());
  }
}
