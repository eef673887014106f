package io.linkout.kernel.api.work;

import io.linkout.kernel.api.Complaints;
import io.linkout.kernel.api.FunctionTable;
import io.linkout.kernel.api.FunctionTable.Licence;
import io.linkout.kernel.api.Registrations;
import io.linkout.kernel.api.image.GuestStruct;
import io.linkout.kernel.api.time.Agenda;
import io.linkout.kernel.api.time.GuestClock;
import io.linkout.kernel.cpu.GuestMemory;
import io.linkout.kernel.cpu.TrapFrame;
import io.linkout.kernel.personality.StructLayout;
import java.util.List;

/**
 * Timers (kernel/time/timer.c). Inline code tells a pending timer by its list entry's back pointer,
 * so that is kept: it points at the timer itself.
 */
final class TimerFunctions {
  private static final String KIND = "timer";

  private final StructLayout layout;
  private final GuestMemory memory;
  private final Agenda agenda;
  private final GuestClock clock;
  private final Registrations registrations;
  private final Complaints complaints;

  TimerFunctions(
      StructLayout layout,
      GuestMemory memory,
      Agenda agenda,
      GuestClock clock,
      Registrations registrations,
      Complaints complaints) {
    this.layout = layout;
    this.memory = memory;
    this.agenda = agenda;
    this.clock = clock;
    this.registrations = registrations;
    this.complaints = complaints;
  }

  void declare(FunctionTable table) {
    table.modelled("init_timer_key", Licence.ANY, this::init);
    table.modelled("mod_timer", Licence.ANY, c -> modify(c, c.argument(1), false));
    table.modelled("mod_timer_pending", Licence.ANY, c -> modify(c, c.argument(1), true));
    table.modelled("timer_reduce", Licence.ANY, this::reduce);
    table.modelled("add_timer", Licence.ANY, this::add);
    table.modelled("add_timer_on", Licence.GPL, this::add);
    for (String name :
        List.of(
            "del_timer",
            "del_timer_sync",
            "timer_delete",
            "timer_delete_sync",
            "try_to_del_timer_sync")) {
      table.modelled(name, Licence.ANY, c -> cancel(c.argument(0)) ? 1 : 0);
    }
    table.modelled("timer_shutdown", Licence.GPL, this::shutDown);
    table.modelled("timer_shutdown_sync", Licence.GPL, this::shutDown);
  }

  private GuestStruct timer(long address) {
    return new GuestStruct(memory, layout, "timer_list", address);
  }

  private long previous(long timer) {
    return timer(timer).at("entry") + layout.of("hlist_node.pprev");
  }

  private boolean pending(long timer) {
    return memory.readLong(previous(timer)) != 0;
  }

  /** init_timer_key(timer, function, flags, name, key). */
  private long init(TrapFrame c) {
    GuestStruct timer = timer(c.argument(0));
    memory.writeLong(previous(timer.address()), 0);
    timer.writeLong("function", c.argument(1));
    timer.writeInt("flags", (int) c.argument(2));
    return 0;
  }

  private long modify(TrapFrame c, long expires, boolean onlyPending) {
    long timer = c.argument(0);
    boolean was = pending(timer);
    if (!was && onlyPending) {
      return 0;
    }
    start(c, timer, expires);
    return was ? 1 : 0;
  }

  /** timer_reduce(timer, expires): never later than it was. */
  private long reduce(TrapFrame c) {
    long timer = c.argument(0);
    boolean was = pending(timer);
    if (was && timer(timer).readLong("expires") - c.argument(1) <= 0) {
      return 1;
    }
    start(c, timer, c.argument(1));
    return was ? 1 : 0;
  }

  private long add(TrapFrame c) {
    if (pending(c.argument(0))) {
      complaints.warn(c, "kernel/time/timer.c add_timer", "timer is pending already");
      return 0;
    }
    start(c, c.argument(0), timer(c.argument(0)).readLong("expires"));
    return 0;
  }

  private void start(TrapFrame c, long address, long expires) {
    GuestStruct timer = timer(address);
    long function = timer.readLong("function");
    if (function == 0) {
      complaints.warn(c, "kernel/time/timer.c", "timer without a function");
      return;
    }
    cancel(address);
    timer.writeLong("expires", expires);
    memory.writeLong(previous(address), address);
    registrations.add(KIND, address, 0, c.returnAddress(), () -> agenda.cancel(KIND, address));
    agenda.add(
        new Agenda.Task(
            KIND, address, clock.nanosAt(expires), function, address, () -> expired(address)));
  }

  private void expired(long timer) {
    registrations.remove(KIND, timer);
    memory.writeLong(previous(timer), 0);
  }

  private boolean cancel(long timer) {
    boolean was = registrations.remove(KIND, timer);
    if (was || pending(timer)) {
      memory.writeLong(previous(timer), 0);
    }
    return was;
  }

  private long shutDown(TrapFrame c) {
    boolean was = cancel(c.argument(0));
    timer(c.argument(0)).writeLong("function", 0);
    return was ? 1 : 0;
  }
}
