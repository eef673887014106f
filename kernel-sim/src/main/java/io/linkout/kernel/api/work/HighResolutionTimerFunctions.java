package io.linkout.kernel.api.work;

import io.linkout.kernel.api.FunctionTable;
import io.linkout.kernel.api.FunctionTable.Licence;
import io.linkout.kernel.api.Registrations;
import io.linkout.kernel.api.image.GuestStruct;
import io.linkout.kernel.api.time.Agenda;
import io.linkout.kernel.api.time.GuestClock;
import io.linkout.kernel.cpu.GuestMemory;
import io.linkout.kernel.cpu.TrapFrame;
import io.linkout.kernel.personality.StructLayout;

/** High-resolution timers (kernel/time/hrtimer.c), all on the monotonic clock. */
final class HighResolutionTimerFunctions {
  private static final String KIND = "hrtimer";
  private static final int RELATIVE = 1;
  private static final int RESTART = 1;
  private static final int ENQUEUED = 1;

  /** struct timerqueue_node: the time follows a red-black node of three words. */
  private static final int EXPIRES = 24;

  private final StructLayout layout;
  private final GuestMemory memory;
  private final Agenda agenda;
  private final GuestClock clock;
  private final Registrations registrations;

  HighResolutionTimerFunctions(
      StructLayout layout,
      GuestMemory memory,
      Agenda agenda,
      GuestClock clock,
      Registrations registrations) {
    this.layout = layout;
    this.memory = memory;
    this.agenda = agenda;
    this.clock = clock;
    this.registrations = registrations;
  }

  void declare(FunctionTable table) {
    table.modelled("hrtimer_init", Licence.GPL, this::init);
    table.modelled("hrtimer_start_range_ns", Licence.GPL, this::start);
    table.modelled("hrtimer_cancel", Licence.GPL, c -> cancel(c.argument(0)) ? 1 : 0);
    table.modelled("hrtimer_try_to_cancel", Licence.GPL, c -> cancel(c.argument(0)) ? 1 : 0);
    table.modelled(
        "hrtimer_active",
        Licence.GPL,
        c -> registrations.find(KIND, c.argument(0)) != null ? 1 : 0);
    table.modelled("hrtimer_forward", Licence.GPL, this::forward);
    table.modelled(
        "__hrtimer_get_remaining", Licence.GPL, c -> expires(timer(c.argument(0))) - clock.nanos());
  }

  private GuestStruct timer(long address) {
    return new GuestStruct(memory, layout, "hrtimer", address);
  }

  private static long expires(GuestStruct timer) {
    return timer.memory().readLong(timer.at("node") + EXPIRES);
  }

  private static void expires(GuestStruct timer, long nanos) {
    timer.memory().writeLong(timer.at("node") + EXPIRES, nanos);
    timer.writeLong("_softexpires", nanos);
  }

  /** hrtimer_init(timer, clock, mode): everything zero; no base is modelled. */
  private long init(TrapFrame c) {
    memory.fill(c.argument(0), layout.of("sizeof.hrtimer"), 0);
    return 0;
  }

  /** hrtimer_start_range_ns(timer, time, slack, mode). */
  private long start(TrapFrame c) {
    GuestStruct timer = timer(c.argument(0));
    cancel(timer.address());
    boolean relative = ((int) c.argument(3) & RELATIVE) != 0;
    expires(timer, relative ? clock.nanos() + c.argument(1) : c.argument(1));
    enqueue(timer, c.returnAddress());
    return 0;
  }

  private void enqueue(GuestStruct timer, long caller) {
    long address = timer.address();
    memory.writeByte(timer.at("state"), ENQUEUED);
    registrations.add(KIND, address, 0, caller, () -> agenda.cancel(KIND, address));
    agenda.add(
        new Agenda.Task(
            KIND,
            address,
            expires(timer),
            timer.readLong("function"),
            address,
            () -> {
              registrations.remove(KIND, address);
              memory.writeByte(timer.at("state"), 0);
            },
            rax -> {
              if ((int) rax == RESTART && registrations.find(KIND, address) == null) {
                enqueue(timer, caller);
              }
            }));
  }

  private boolean cancel(long address) {
    boolean was = registrations.remove(KIND, address);
    if (was) {
      memory.writeByte(timer(address).at("state"), 0);
    }
    return was;
  }

  /** hrtimer_forward(timer, now, interval): returns how many intervals were added. */
  private long forward(TrapFrame c) {
    GuestStruct timer = timer(c.argument(0));
    long late = c.argument(1) - expires(timer);
    long interval = c.argument(2);
    if (late < 0 || interval <= 0) {
      return 0;
    }
    long count = late / interval + 1;
    expires(timer, expires(timer) + count * interval);
    return count;
  }
}
